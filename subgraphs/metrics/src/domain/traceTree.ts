import { batchLoader, scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import { childrenOfPlaces, tracesAtPlaces } from '../storage/traceStatements.js';
import type { TreePlace } from '../storage/traceStatements.js';
import type { TraceRow } from '../storage/TraceRow.js';

/** Children of one trace that an answer holds at most. */
const maxChildren = 100;

/** The trace at a place of a run; null when it is not stored. */
export async function readTraceAt(
  database: Database,
  context: RequestContext,
  place: TreePlace,
): Promise<TraceRow | null> {
  const loader = batchLoader<string, TraceRow>(context, 'metrics.traceAt', async (keys) => {
    const found = await database.read(scopeOf(context), tracesAtPlaces(keys.map(toPlace)));
    return new Map(found.map((each) => [toKey(each.place), each.trace]));
  });
  return loader.load(toKey(place));
}

/** What a trace is the parent of, the first to begin first, 100 at most. */
export async function readChildren(
  database: Database,
  context: RequestContext,
  place: TreePlace,
): Promise<readonly TraceRow[]> {
  const loader = batchLoader<string, TraceRow[]>(context, 'metrics.children', async (keys) => {
    const found = await database.read(scopeOf(context), childrenOfPlaces(keys.map(toPlace), maxChildren));
    const byPlace = new Map<string, TraceRow[]>();
    for (const { place: parent, trace } of found) {
      const known = byPlace.get(toKey(parent));
      if (known) known.push(trace);
      else byPlace.set(toKey(parent), [trace]);
    }
    return byPlace;
  });
  return (await loader.load(toKey(place))) ?? [];
}

/** No id holds a blank. */
function toKey({ runId, externalId }: TreePlace): string {
  return `${runId} ${externalId}`;
}

function toPlace(key: string): TreePlace {
  const [runId, externalId] = key.split(' ') as [string, string];
  return { runId, externalId };
}
