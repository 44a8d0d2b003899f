import type { Database, Statement, TenantScope } from '@tributary/data';
import { goneDays } from '../../storage/retentionStatements.js';
import type { GoneDay } from '../../storage/retentionStatements.js';
import type { TimeRange } from '../timeRange.js';
import { isSameRange, keptRange, rawGone } from './keptRange.js';
import type { Asked } from './keptRange.js';

type RowsOf<Statements extends readonly Statement<unknown>[]> = {
  -readonly [Index in keyof Statements]: Statements[Index] extends Statement<infer Result> ? Result[] : never;
};

export interface KeptAnswer<Statements extends readonly Statement<unknown>[]> {
  /** What was answered: what was asked for, or a little more where traces are gone. */
  readonly range: TimeRange;
  readonly rows: RowsOf<Statements>;
  /** Days of that and of `since` whose traces are gone. */
  readonly gone: readonly GoneDay[];
}

/**
 * Reads figures of a range in one snapshot, over what is kept of it: see keptRange. Throws INVALID_INPUT with reason RAW_GONE when that does
 * not tell them. `since`: when what the statements read begins, where that is before the range.
 */
export async function readKept<const Statements extends readonly Statement<unknown>[]>(
  database: Database,
  scope: TenantScope,
  wanted: TimeRange,
  asked: readonly Asked[],
  statements: (range: TimeRange) => Statements,
  since: (range: TimeRange) => Date = ({ from }) => from,
): Promise<KeptAnswer<Statements>> {
  let range = wanted;
  for (;;) {
    const [gone, ...rows] = await database.readBatch(scope, [goneDays(since(range), range.to), ...statements(range)]);
    const told = keptRange(range, gone, asked);
    if (told === null) throw rawGone(gone);
    if (isSameRange(told, range)) return { range, rows: rows as unknown as RowsOf<Statements>, gone: gone };
    range = told;
  }
}
