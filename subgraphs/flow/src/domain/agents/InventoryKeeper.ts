import { writeCounts } from '../../storage/discoveryStore.js';
import { createCleanser } from '../discovery/cleanse/createCleanser.js';
import type { CleanAsset } from '../discovery/cleanse/cleanResult.js';
import { Agent } from '../engine/Agent.js';
import type { AgentResult } from '../engine/Agent.js';
import { InOrder } from '../engine/InOrder.js';
import type { PhaseRun } from '../engine/PhaseRun.js';
import type { AgentTools } from '../tools/AgentTools.js';
import { toFoundAsset } from '../tools/toFoundAsset.js';

export interface InventoryReport {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

interface Standing extends InventoryReport {
  /** The first chunk whose outcome is not in the counts. */
  readonly nextChunk: number;
  readonly chunkSize: number;
}

/** Part of the checkpoint: a flow keeps its chunks' borders, so that a chunk that comes again is the same chunk. */
const chunkSize = 2_000;
const chunksInFlight = 2;

/** Hands the cleansed assets to the inventory in numbered chunks. Reads the source again: nothing is staged in between. */
@Agent('inventory-keeper', { version: '1', tools: ['sources', 'discoveries', 'inventory'] })
export class InventoryKeeper {
  constructor(private readonly tools: Pick<AgentTools, 'sources' | 'discoveries' | 'inventory'>) {}

  async run(run: PhaseRun): Promise<AgentResult<InventoryReport>> {
    const { discoveries, sources, inventory } = this.tools;
    const [discovery, profile, mappings] = await Promise.all([
      discoveries.read(run.flowId),
      discoveries.profile(run.flowId),
      discoveries.mappings(run.flowId),
    ]);
    const cleanser = createCleanser(mappings, { profile, sourceName: discovery.sourceName, findPersonalData: false });
    let standing: Standing = { nextChunk: 0, created: 0, changed: 0, unchanged: 0, chunkSize, ...(run.checkpoint as Partial<Standing> | null) };
    if (cleanser.isConnections) return { rows: 0, output: standing };
    const source = await sources.open(discovery);
    const first = standing.nextChunk;
    const chunks = new InOrder<{ chunk: number; bytesRead: number; created: number; updated: number; unchanged: number }>(chunksInFlight, async (done) => {
      standing = {
        ...standing,
        nextChunk: done.chunk + 1,
        created: standing.created + done.created,
        changed: standing.changed + done.updated,
        unchanged: standing.unchanged + done.unchanged,
      };
      const { created, changed, unchanged } = standing;
      await run.save({
        checkpoint: { ...standing },
        progress: done.bytesRead / Math.max(1, discovery.sourceBytes),
        message: `${created + changed + unchanged} assets written`,
        also: (transaction) => writeCounts(transaction, run.flowId, { assetsCreated: created, assetsUpdated: changed + unchanged }),
      });
    });
    let chunk = 0;
    let waiting: CleanAsset[] = [];
    const dispatch = async (assets: readonly CleanAsset[], bytesRead: number) => {
      const number = chunk;
      chunk += 1;
      if (number < first) return;
      await chunks.start(async () => ({ chunk: number, bytesRead, ...(await inventory.put(run.flowId, number, assets.map(toFoundAsset))) }));
    };
    for await (const batch of source.batches()) {
      waiting.push(...cleanser.cleanse(batch).assets);
      while (waiting.length >= standing.chunkSize) {
        const assets = waiting.slice(0, standing.chunkSize);
        waiting = waiting.slice(standing.chunkSize);
        await dispatch(assets, batch.bytesRead);
      }
      run.assertGoingOn();
    }
    if (waiting.length > 0) await dispatch(waiting, discovery.sourceBytes);
    await chunks.finish();
    const { created, changed, unchanged } = standing;
    return { rows: created + changed + unchanged, output: { created, changed, unchanged } };
  }
}
