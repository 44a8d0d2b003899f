import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';
import { firstSettleChunk } from '../tools/chunkBorders.js';

export interface SettlementReport {
  /** Dependencies that the source said before, and its rows say no longer. */
  readonly dependenciesEnded: number;
}

interface Standing extends SettlementReport {
  /** Of the first slice whose outcome is not in the counts. */
  readonly slice: number;
  readonly after: string | null;
  readonly isDone: boolean;
}

const beginning: Standing = { slice: 0, after: null, isDone: false, dependenciesEnded: 0 };

/** Takes back what the source said before of rows that it shows again and says no longer. After all it says now has been written. */
@Agent<DiscoveryTools>('settler', { version: '1', tools: ['discoveries', 'inventory'] })
export class Settler {
  constructor(private readonly tools: Pick<DiscoveryTools, 'discoveries' | 'inventory'>) {}

  async run(run: PhaseRun): Promise<AgentResult<SettlementReport>> {
    const { discoveries, inventory } = this.tools;
    const { speaker, kinds } = await discoveries.statements(run.flowId);
    let standing: Standing = { ...beginning, ...(run.checkpoint as Partial<Standing> | null) };
    while (!standing.isDone) {
      const { slice, after, dependenciesEnded } = standing;
      const chunk = { flowId: run.flowId, chunk: firstSettleChunk + slice, source: speaker };
      const { ended, next } = await inventory.settle(chunk, kinds, after);
      standing = {
        slice: slice + 1,
        after: next,
        isDone: next === null,
        dependenciesEnded: dependenciesEnded + ended,
      };
      await run.save({ checkpoint: { ...standing } });
    }
    return { rows: standing.dependenciesEnded, output: { dependenciesEnded: standing.dependenciesEnded } };
  }
}
