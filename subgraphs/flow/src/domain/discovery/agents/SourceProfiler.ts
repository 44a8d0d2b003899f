import type { SourceProfile } from '../profile/SourceProfile.js';
import { profileSource } from '../profile/profileSource.js';
import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import { Pace } from '../../engine/Pace.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';

/** Reads the whole source once, without keeping it: counts its rows and learns what its columns hold. */
@Agent<DiscoveryTools>('source-profiler', { version: '1', tools: ['sources', 'discoveries', 'notes'] })
export class SourceProfiler {
  constructor(private readonly tools: Pick<DiscoveryTools, 'sources' | 'discoveries' | 'notes'>) {}

  async run(run: PhaseRun): Promise<AgentResult<SourceProfile>> {
    const { sources, discoveries, notes } = this.tools;
    const discovery = await discoveries.read(run.flowId);
    const source = await sources.open(discovery);
    const pace = new Pace();
    let rows = 0;
    const profile = await profileSource(source, {
      onBatch: async (batch) => {
        rows += batch.records.length + batch.rejected.length;
        if (!pace.isDue()) return run.assertGoingOn();
        const rowsTotal = rows;
        await run.save({
          progress: batch.bytesRead / Math.max(1, discovery.sourceBytes),
          message: `${rowsTotal.toLocaleString('en')} rows read`,
          writes: [notes.counts(run.flowId, { rowsTotal })],
        });
      },
    });
    await run.save({
      progress: 1,
      writes: [notes.counts(run.flowId, { rowsTotal: rows }), notes.profile(run.flowId, profile)],
    });
    return { rows, output: profile };
  }
}
