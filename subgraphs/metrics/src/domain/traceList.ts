import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { existingTraces, listTraces, tracesById } from '../storage/traceStatements.js';
import type { TracePosition } from '../storage/traceStatements.js';
import type { TraceRow } from '../storage/TraceRow.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { checkedRange } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

export type { TraceRow } from '../storage/TraceRow.js';

const listName = 'trace';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A page of traces, newest first. */
export async function readTraces(
  database: Database,
  context: RequestContext,
  request: PageRequest & { readonly range: TimeRange; readonly filter: TraceFilter },
): Promise<Page<TraceRow>> {
  const scope = scopeOf(context);
  const range = checkedRange(request.range);
  const first = checkedFirst(request.first);
  const selection = { ...range, filter: request.filter };
  const rows = await database.read(scope, listTraces(selection, readPosition(request.after), first + 1));
  return toPage(listName, request, rows, (trace) => [trace.startedAt.getTime(), trace.id]);
}

function readPosition(after: string | null): TracePosition | null {
  const position = positionAfter(listName, after, 2);
  if (!position) return null;
  const [startedAt, id] = position;
  if (!isMoment(startedAt) || typeof id !== 'string' || !uuid.test(id)) {
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  }
  return { startedAt: new Date(startedAt), id };
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

/** What a Date and PostgreSQL can both hold: the text of a cursor may have been made up. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15;
}
