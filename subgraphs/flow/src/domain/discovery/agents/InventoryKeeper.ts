import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import { NumberedChunks } from '../../engine/NumberedChunks.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';
import { chunkBorders, chunksInFlight } from '../tools/chunkBorders.js';
import { withNamesakes } from '../cleanse/withApart.js';
import { toFoundAsset, weighAsset } from '../tools/foundThings.js';

export interface InventoryReport {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

interface Standing extends InventoryReport {
  /** Of the created: things that have the name of another asset. */
  readonly keptApart: number;
  /** The first chunk whose outcome is not in the counts. */
  readonly nextChunk: number;
  readonly borders: typeof chunkBorders;
}

const beginning: Standing = { nextChunk: 0, created: 0, changed: 0, unchanged: 0, keptApart: 0, borders: chunkBorders };

/** Hands the cleansed assets to the inventory in numbered chunks. Reads the source again: nothing is staged in between. */
@Agent<DiscoveryTools>('inventory-keeper', { version: '1', tools: ['sources', 'notes', 'inventory'] })
export class InventoryKeeper {
  constructor(private readonly tools: Pick<DiscoveryTools, 'sources' | 'notes' | 'inventory'>) {}

  async run(run: PhaseRun): Promise<AgentResult<InventoryReport>> {
    const { sources, notes, inventory } = this.tools;
    const { discovery, profile, source, cleanser, speaker } = await sources.openCleansed(run.flowId);
    let standing: Standing = { ...beginning, ...(run.checkpoint as Partial<Standing> | null) };
    if (cleanser.isConnections) return { rows: 0, output: reportOf(standing) };
    const chunks = new NumberedChunks({
      borders: standing.borders,
      first: standing.nextChunk,
      inFlight: chunksInFlight,
      weigh: weighAsset,
      send: (chunk, assets) => inventory.put({ flowId: run.flowId, chunk, source: speaker }, assets),
      onOutcome: async (chunk, outcome, position) => {
        standing = {
          ...standing,
          nextChunk: chunk + 1,
          created: standing.created + outcome.created,
          changed: standing.changed + outcome.updated,
          unchanged: standing.unchanged + outcome.unchanged,
          keptApart: standing.keptApart + (outcome.keptApart ?? 0),
        };
        const { created, changed, unchanged } = standing;
        await run.save({
          checkpoint: { ...standing },
          progress: position / Math.max(1, discovery.sourceBytes),
          message: `${(created + changed + unchanged).toLocaleString('en')} assets written`,
          writes: [notes.counts(run.flowId, { assetsCreated: created, assetsUpdated: changed + unchanged })],
        });
      },
    });
    for await (const batch of source.batches()) {
      for (const asset of cleanser.cleanse(batch).assets) await chunks.add(toFoundAsset(asset), batch.bytesRead);
      run.assertGoingOn();
    }
    await chunks.finish(discovery.sourceBytes);
    if (standing.keptApart > 0)
      await run.save({ writes: [notes.profile(run.flowId, withNamesakes(profile, standing.keptApart))] });
    const report = reportOf(standing);
    return { rows: report.created + report.changed + report.unchanged, output: report };
  }
}

function reportOf({ created, changed, unchanged }: Standing): InventoryReport {
  return { created, changed, unchanged };
}
