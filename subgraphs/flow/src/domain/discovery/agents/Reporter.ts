import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';

export interface DiscoveryReport {
  readonly rowsTotal: number;
  readonly rowsValid: number;
  readonly rowsRejected: number;
  readonly assetsCreated: number;
  readonly assetsUpdated: number;
  readonly dependenciesFound: number;
  /** From the start of the first phase to the report, pauses included. */
  readonly seconds: number;
  readonly rowsPerSecond: number | null;
  readonly secondsByPhase: Readonly<Record<string, number>>;
}

/** Sums up what the discovery found and how long it took, and lets go of a source that was handed over inline. */
@Agent<DiscoveryTools>('reporter', { version: '1', tools: ['discoveries', 'notes'] })
export class Reporter {
  constructor(private readonly tools: Pick<DiscoveryTools, 'discoveries' | 'notes'>) {}

  async run(run: PhaseRun): Promise<AgentResult<DiscoveryReport>> {
    const [discovery, phases] = await Promise.all([
      this.tools.discoveries.read(run.flowId),
      this.tools.discoveries.phases(run.flowId),
    ]);
    await run.save({ progress: 1, writes: [this.tools.notes.releaseSource(run.flowId)] });
    const began = phases.find((phase) => phase.startedAt !== null)?.startedAt ?? new Date();
    const seconds = toSeconds(Date.now() - began.getTime());
    const secondsByPhase = Object.fromEntries(
      phases.flatMap((phase) =>
        phase.startedAt && phase.finishedAt
          ? [[phase.name, toSeconds(phase.finishedAt.getTime() - phase.startedAt.getTime())]]
          : [],
      ),
    );
    const { rowsTotal, rowsValid, rowsRejected, assetsCreated, assetsUpdated, dependenciesFound } = discovery;
    const rowsPerSecond = seconds > 0 ? Math.round(rowsTotal / seconds) : null;
    return {
      rows: rowsTotal,
      output: {
        rowsTotal,
        rowsValid,
        rowsRejected,
        assetsCreated,
        assetsUpdated,
        dependenciesFound,
        seconds,
        rowsPerSecond,
        secondsByPhase,
      },
    };
  }
}

function toSeconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
