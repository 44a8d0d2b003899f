import { writeCounts } from '../../storage/discoveryStore.js';
import { createCleanser } from '../discovery/cleanse/createCleanser.js';
import type { CleanDependency } from '../discovery/cleanse/cleanResult.js';
import { Agent } from '../engine/Agent.js';
import type { AgentResult } from '../engine/Agent.js';
import { InOrder } from '../engine/InOrder.js';
import { Pace } from '../engine/Pace.js';
import type { PhaseRun } from '../engine/PhaseRun.js';
import type { AgentTools } from '../tools/AgentTools.js';
import { toFoundDependency } from '../tools/toFoundAsset.js';

export interface DependencyReport {
  readonly found: number;
  readonly created: number;
  /** Left out, because the other asset is not known. */
  readonly unresolved: number;
}

interface Standing extends DependencyReport {
  readonly nextChunk: number;
  readonly chunkSize: number;
}

const chunkSize = 2_000;
const chunksInFlight = 2;
/** Chunks are numbered over the whole flow: these are never numbers of the inventory phase. */
const firstNumber = 1_000_000;

/** Finds the edges that the source's columns name and hands them to the inventory, once all assets are there. */
@Agent('dependency-mapper', { version: '1', tools: ['sources', 'discoveries', 'inventory'] })
export class DependencyMapper {
  constructor(private readonly tools: Pick<AgentTools, 'sources' | 'discoveries' | 'inventory'>) {}

  /** Output null: no column names another asset, so there is nothing to do. */
  async run(run: PhaseRun): Promise<AgentResult<DependencyReport | null>> {
    const { discoveries, sources, inventory } = this.tools;
    const [discovery, profile, mappings] = await Promise.all([
      discoveries.read(run.flowId),
      discoveries.profile(run.flowId),
      discoveries.mappings(run.flowId),
    ]);
    if (!mappings.some(({ targetField }) => targetField?.startsWith('dependency.'))) return { rows: 0, output: null };
    const cleanser = createCleanser(mappings, { profile, sourceName: discovery.sourceName, findPersonalData: false });
    const source = await sources.open(discovery);
    let standing: Standing = { nextChunk: 0, found: 0, created: 0, unresolved: 0, chunkSize, ...(run.checkpoint as Partial<Standing> | null) };
    const first = standing.nextChunk;
    const chunks = new InOrder<{ chunk: number; bytesRead: number; found: number; created: number; unresolved: number }>(chunksInFlight, async (done) => {
      standing = {
        ...standing,
        nextChunk: done.chunk + 1,
        found: standing.found + done.found,
        created: standing.created + done.created,
        unresolved: standing.unresolved + done.unresolved,
      };
      const { found } = standing;
      await run.save({
        checkpoint: { ...standing },
        progress: done.bytesRead / Math.max(1, discovery.sourceBytes),
        message: `${found} dependencies written`,
        also: (transaction) => writeCounts(transaction, run.flowId, { dependenciesFound: found }),
      });
    });
    let chunk = 0;
    let waiting: CleanDependency[] = [];
    const dispatch = async (dependencies: readonly CleanDependency[], bytesRead: number) => {
      const number = chunk;
      chunk += 1;
      if (number < first) return;
      await chunks.start(async () => ({
        chunk: number,
        bytesRead,
        ...(await inventory.connect(run.flowId, firstNumber + number, dependencies.map(toFoundDependency))),
      }));
    };
    const pace = new Pace();
    for await (const batch of source.batches()) {
      waiting.push(...cleanser.cleanse(batch).dependencies);
      while (waiting.length >= standing.chunkSize) {
        const dependencies = waiting.slice(0, standing.chunkSize);
        waiting = waiting.slice(standing.chunkSize);
        await dispatch(dependencies, batch.bytesRead);
      }
      if (chunk === 0 && pace.isDue()) await run.save({ progress: batch.bytesRead / Math.max(1, discovery.sourceBytes) });
      else run.assertGoingOn();
    }
    if (waiting.length > 0) await dispatch(waiting, discovery.sourceBytes);
    await chunks.finish();
    const { found, created, unresolved } = standing;
    return { rows: found + unresolved, output: { found, created, unresolved } };
  }
}
