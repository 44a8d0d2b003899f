import { uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { existingTraces, listTraces, tracesById, tracesOfFlows } from '../storage/traceStatements.js';
import type { TraceRow } from '../storage/TraceRow.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { checkedRange } from './timeRange.js';
import { cursorsOf, readTracePosition } from './traceOrders.js';
import type { TraceOrder } from './traceOrders.js';
import type { TimeRange } from './timeRange.js';

export type { TraceRow } from '../storage/TraceRow.js';

/** A page of the traces of a period. */
export async function readTraces(
  database: Database,
  context: RequestContext,
  request: PageRequest & { readonly range: TimeRange; readonly filter: TraceFilter; readonly order?: TraceOrder },
): Promise<Page<TraceRow>> {
  const scope = scopeOf(context);
  const range = checkedRange(request.range);
  const first = checkedFirst(request.first);
  const selection = { ...range, filter: request.filter };
  const { order = 'STARTED_DESC' } = request;
  const position = readTracePosition(order, request.after);
  const rows = await database.read(scope, listTraces(selection, order, position, first + 1));
  const { list, sortValues } = cursorsOf(order);
  return toPage(list, request, rows, sortValues);
}

/** A page of the traces of one flow, whenever they began. One statement for all flows of a request. */
export async function readTracesOfFlow(
  database: Database,
  context: RequestContext,
  flowId: string,
  order: TraceOrder,
  request: PageRequest,
): Promise<Page<TraceRow>> {
  const first = checkedFirst(request.first);
  const position = readTracePosition(order, request.after);
  const { list, sortValues } = cursorsOf(order);
  const loader = batchLoader<string, TraceRow[]>(
    context,
    `metrics.tracesOfFlows ${JSON.stringify([order, first, position])}`,
    async (flowIds) => {
      const rows = await database.read(scopeOf(context), tracesOfFlows(flowIds, order, position, first + 1));
      return Map.groupBy(rows, (row) => row.ofFlow);
    },
  );
  return toPage(list, request, (await loader.load(flowId)) ?? [], sortValues);
}

/** The trace with this public id; null when this workspace has none. Throws INVALID_INPUT when it is no id at all. */
export async function readTrace(database: Database, context: RequestContext, id: string): Promise<TraceRow | null> {
  const wanted = uuidOf('trace', id);
  if (wanted === null) return null;
  const loader = batchLoader<string, TraceRow>(context, 'metrics.trace', async (ids) => {
    const scope = scopeOf(context);
    const rows = await database.read(scope, tracesById(ids));
    return new Map(rows.map((row) => [row.askedAs, row]));
  });
  return loader.load(wanted);
}

/** Which of these bare uuids are traces of the workspace. */
export async function findExistingTraces(
  database: Database,
  context: RequestContext,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const scope = scopeOf(context);
  return new Set(await database.read(scope, existingTraces(ids)));
}
