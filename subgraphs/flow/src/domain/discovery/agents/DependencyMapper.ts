import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import { NumberedChunks } from '../../engine/NumberedChunks.js';
import { Pace } from '../../engine/Pace.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import { withNotes } from '../profile/withNotes.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';
import { chunkBorders, chunksInFlight, firstDependencyChunk } from '../tools/chunkBorders.js';
import { toFoundDependency, weighDependency } from '../tools/foundThings.js';

export interface DependencyReport {
  readonly found: number;
  readonly created: number;
  /** Left out, because the other asset is not known. */
  readonly unresolved: number;
}

interface Standing extends DependencyReport {
  /** The first chunk whose outcome is not in the counts. */
  readonly nextChunk: number;
  readonly borders: typeof chunkBorders;
}

const beginning: Standing = { nextChunk: 0, found: 0, created: 0, unresolved: 0, borders: chunkBorders };

/** Finds the edges that the source's columns name and hands them to the inventory, once all assets are there. */
@Agent<DiscoveryTools>('dependency-mapper', { version: '1', tools: ['sources', 'notes', 'inventory'] })
export class DependencyMapper {
  constructor(private readonly tools: Pick<DiscoveryTools, 'sources' | 'notes' | 'inventory'>) {}

  /** Output null: no column names another asset, so there is nothing to do. */
  async run(run: PhaseRun): Promise<AgentResult<DependencyReport | null>> {
    const { sources, notes, inventory } = this.tools;
    const { discovery, profile, source, cleanser, speaker, namesDependencies } = await sources.openCleansed(run.flowId);
    if (!namesDependencies) return { rows: 0, output: null };
    const share = (position: number) => position / Math.max(1, discovery.sourceBytes);
    let standing: Standing = { ...beginning, ...(run.checkpoint as Partial<Standing> | null) };
    const chunks = new NumberedChunks({
      borders: standing.borders,
      first: standing.nextChunk,
      inFlight: chunksInFlight,
      weigh: weighDependency,
      send: (chunk, dependencies) =>
        inventory.connect({ flowId: run.flowId, chunk: firstDependencyChunk + chunk, source: speaker }, dependencies),
      onOutcome: async (chunk, outcome, position) => {
        standing = {
          ...standing,
          nextChunk: chunk + 1,
          found: standing.found + outcome.found,
          created: standing.created + outcome.created,
          unresolved: standing.unresolved + outcome.unresolved,
        };
        const dependenciesFound = standing.found;
        await run.save({
          checkpoint: { ...standing },
          progress: share(position),
          message: `${dependenciesFound.toLocaleString('en')} dependencies written`,
          writes: [notes.counts(run.flowId, { dependenciesFound })],
        });
      },
    });
    // Where few rows name another asset, chunks are far between: progress is shown in between.
    const pace = new Pace(2_000);
    for await (const batch of source.batches()) {
      for (const dependency of cleanser.cleanse(batch).dependencies)
        await chunks.add(toFoundDependency(dependency), batch.bytesRead);
      if (pace.isDue()) await run.save({ progress: share(batch.bytesRead) });
      else run.assertGoingOn();
    }
    await chunks.finish(discovery.sourceBytes);
    const { found, created, unresolved } = standing;
    if (unresolved > 0) {
      const note = { code: 'UNRESOLVED_END', count: unresolved, samples: [] } as const;
      await run.save({ writes: [notes.profile(run.flowId, withNotes(profile, [note]))] });
    }
    return { rows: found + unresolved, output: { found, created, unresolved } };
  }
}
