import type { Spend } from '@tributary/contracts/commands';
import type { Database, TenantScope } from '@tributary/data';
import { sums } from '../storage/figureStatements.js';
import { goneDays } from '../storage/retentionStatements.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { isSameRange, keptRange, rawGone } from './retention/keptRange.js';
import { checkedRange } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

/** What traces of exactly this period cost. Throws INVALID_INPUT where that is no longer known. */
export async function readSpend(
  database: Database,
  scope: TenantScope,
  request: TimeRange & { readonly scope: TraceFilter | null },
): Promise<Spend> {
  // Taken before the snapshot: what was committed before this moment is in it.
  const freshAsOf = new Date();
  const range = checkedRange(request);
  const filter = request.scope ?? {};
  const [gone, [spent]] = await database.readBatch(scope, [goneDays(range.from, range.to), sums({ ...range, filter })]);
  // A budget of one month is not held against a day of the month before.
  const told = keptRange(range, gone, [{ filter, groupBy: null }]);
  if (told === null || !isSameRange(told, range)) throw rawGone(gone);
  return { costUsd: spent?.costUsd ?? 0, unpricedRequests: spent?.unpricedRequests ?? 0, freshAsOf };
}
