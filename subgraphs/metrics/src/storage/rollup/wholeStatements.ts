import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { batchesOfTail } from './position.js';
import { addedToFlows, addedToSessions } from './wholeSql.js';

/** What has one row of totals, whatever its age. */
export type Whole = 'SESSION' | 'FLOW';

const tables = {
  SESSION: { table: 'trace_session', column: 'session_id', added: addedToSessions },
  FLOW: { table: 'trace_flow', column: 'flow_id', added: addedToFlows },
} as const;

const isRolledUp = `not exists (select from (${batchesOfTail}) tail where tail.batch_id = t.batch_id)`;

/** Ids that traces lie between, the first of which is included. */
export interface IdRange {
  readonly first: string;
  readonly end: string;
}

export const allIds: IdRange = {
  first: '00000000-0000-0000-0000-000000000000',
  end: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

export interface FoundWhole {
  readonly key: string;
  /** All that there are, also outside of the range that it was found by. */
  readonly traces: number;
}

/**
 * The next sessions or flows behind `after`, by their ids, that have traces in a range; and those that have totals and nothing else: all of
 * these where `isWhole`, else none.
 */
export function nextWholes(
  whole: Whole,
  after: string,
  { first, end }: IdRange,
  isWhole: boolean,
  limit: number,
): Statement<FoundWhole> {
  const { table, column } = tables[whole];
  return sql(
    'metrics.nextWholes',
    `select next.key, (select count(*) from trace t where t.workspace_id = $1 and t.${column} = next.key) as traces from (
       select key from (
         (select t.${column} as key from trace t where t.workspace_id = $1 and t.${column} > $2 and t.id >= $3::uuid and t.id < $4::uuid
          group by 1 order by 1 limit $6::integer)
         union
         (select w.${column} from ${table} w where w.workspace_id = $1 and w.${column} > $2 and $5::boolean order by 1 limit $6::integer)
       ) known order by key limit $6::integer
     ) next order by next.key`,
    [after, first, end, isWhole, limit],
    (row) => ({ key: row['key'] as string, traces: Number(row['traces']) }),
  );
}

/**
 * Takes away totals that can be made anew: while traces have been given up, those that count less than there is. One that counts more may
 * count what is gone.
 */
export function deleteWholes(whole: Whole, keys: readonly string[]): Statement {
  const { table, column } = tables[whole];
  return sql(
    'metrics.deleteWholes',
    `delete from ${table} w where w.workspace_id = $1 and w.${column} = any($2::text[]) and (
       not exists (select from trace_day d join trace_retention r on r.workspace_id = d.workspace_id
         where d.workspace_id = $1 and d.traces > 0 and d.day < r.traces_from)
       or w.requests <= (select count(*) from trace t where t.workspace_id = $1 and t.${column} = w.${column} and ${isRolledUp}))`,
    [keys],
  );
}

/** Which of these have totals. */
export function storedWholes(whole: Whole, keys: readonly string[]): Statement<string> {
  const { table, column } = tables[whole];
  return sql(
    'metrics.storedWholes',
    `select ${column} as key from ${table} where workspace_id = $1 and ${column} = any($2::text[]) order by 1`,
    [keys],
    (row) => row['key'] as string,
  );
}

/** The id of the last of the next `limit` traces of sessions or flows behind `after`; no row behind the last. */
export function nextOfWholes(whole: Whole, keys: readonly string[], after: string, limit: number): Statement<string> {
  const { column } = tables[whole];
  return sql(
    'metrics.nextOfWholes',
    `select max(next.id::text collate "C") as last from (
       select t.id from trace t where t.workspace_id = $1 and t.${column} = any($2::text[]) and t.id > $3::uuid order by t.id limit $4
     ) next having count(*) > 0`,
    [keys, after, limit],
    (row) => row['last'] as string,
  );
}

/** Takes the traces of sessions or flows behind `after` up to `last`, those that the roll-up has read, into their totals. */
export function addToWholes(whole: Whole, keys: readonly string[], after: string, last: string): Statement {
  const { column, added } = tables[whole];
  return sql(
    'metrics.addToWholes',
    added(
      `t.workspace_id = $1 and t.${column} = any($2::text[]) and t.id > $3::uuid and t.id <= $4::uuid and ${isRolledUp}`,
    ),
    [keys, after, last],
  );
}
