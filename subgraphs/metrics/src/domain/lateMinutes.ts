import type { LateMinutes } from '@tributary/contracts/commands';
import type { TimeSpan } from '@tributary/contracts/events';
import { tracesIngestedPayload } from '@tributary/contracts/payloads';
import type { Database, TenantScope } from '@tributary/data';
import { readForward, readHead } from '@tributary/events';

/** Batches that one answer tells of at most. */
const maxBatches = 500;

/** Which minutes the batches behind `after` changed when these were over; with null nothing but where the log ends. */
export async function readLateMinutes(
  database: Database,
  scope: TenantScope,
  after: number | null,
): Promise<LateMinutes> {
  const [[head], events] = await database.readBatch(scope, [
    readHead('traces'),
    // With null, nothing: the log has no end that could be named before it is read.
    readForward('traces', after ?? Number.MAX_SAFE_INTEGER, maxBatches),
  ]);
  const end = head?.last.sequence ?? 0;
  if (after === null) return { last: end, hasMore: false, isIncomplete: false, started: [], ended: [] };
  const batches = events.map(({ payload }) => tracesIngestedPayload.parse(payload));
  const last = events.at(-1)?.sequence ?? end;
  return {
    last,
    hasMore: last < end,
    // Behind the end there is nothing, so whoever has been there has seen another log than this one, as before a restore.
    isIncomplete: after > end || (events[0]?.sequence ?? end + 1) > after + 1,
    started: union(batches.flatMap(({ minutesStarted }) => minutesStarted)),
    ended: union(batches.flatMap(({ minutesEnded }) => minutesEnded)),
  };
}

/** The same minutes in ascending spans that do not touch. */
function union(spans: readonly TimeSpan[]): TimeSpan[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
