import { Parameters } from './Parameters.js';

/** What stands in one column of the new rows. */
interface BulkColumn<Entry> {
  /** Its type at PostgreSQL, `uuid`, `text`, `jsonb` …; values of jsonb are JSON's text. */
  readonly type: string;
  readonly of: (entry: Entry, index: number) => unknown;
}

interface BulkInsert<Entry> {
  /** The table, with an alias where `behind` needs one: `mapping_memory as known`. */
  readonly into: string;
  readonly entries: readonly Entry[];
  /** By the column's name, without workspace_id. */
  readonly columns: Readonly<Record<string, BulkColumn<Entry>>>;
  /** Columns that say the same in every row: type and value. */
  readonly shared?: Readonly<Record<string, readonly [type: string, value: unknown]>>;
  /** Columns of the entries, `external_id collate "C"`: with one order, two writers of the same rows wait for each other instead of deadlocking. */
  readonly orderBy?: string;
  /** What follows the rows: `on conflict …`, `returning …`. */
  readonly behind?: string;
}

interface BulkText {
  readonly text: string;
  /** Of $2, $3 … */
  readonly values: readonly unknown[];
}

/**
 * Text and values of an insert of many rows, for `sql` or `EntityTable.sql`; may stand in a WITH. Rows come from the workspace's own row,
 * crossed with one list for each column: Citus sends what joins a table of the workspace to the workspace's shard, and refuses rows from
 * lists alone. So in a workspace without a row nothing is written.
 */
export function bulkInsert<Entry>(insert: BulkInsert<Entry>): BulkText {
  const parameters = new Parameters();
  const shared = Object.entries(insert.shared ?? {});
  const sharedPlaces = shared.map(([, [type, value]]) => parameters.add(value, type));
  const columns = Object.entries(insert.columns);
  const lists = columns.map(([, { type, of }]) => parameters.add(insert.entries.map(of), `${type}[]`));
  const names = columns.map(([name]) => name);
  const lines = [
    `insert into ${insert.into} (${['workspace_id', ...shared.map(([name]) => name), ...names].join(', ')})`,
    `select ${['w.workspace_id', ...sharedPlaces, ...names.map((name) => `entry.${name}`)].join(', ')}`,
    `from workspace w cross join unnest(${lists.join(', ')}) as entry (${names.join(', ')})`,
    'where w.workspace_id = $1',
    ...(insert.orderBy === undefined ? [] : [`order by ${insert.orderBy}`]),
    ...(insert.behind === undefined ? [] : [insert.behind]),
  ];
  return { text: lines.join('\n'), values: parameters.values };
}
