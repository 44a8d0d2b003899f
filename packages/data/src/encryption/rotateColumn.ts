import type { Database } from '../Database.js';
import { sql } from '../statement.js';
import type { EncryptedColumn } from './EncryptedColumn.js';

export interface RotateColumnOptions {
  readonly database: Database;
  readonly workspaceId: string;
  readonly column: EncryptedColumn;
  /** Of the current key: what matches it stays. */
  readonly currentPattern: string;
  /** Rows of one transaction. Default 200. */
  readonly batch?: number;
  readonly onProgress?: (rows: number) => void;
}

/**
 * Seals one workspace's values of a column with the current key, a batch a transaction, and answers how many. Readers go on, since
 * both keys open; a writer of the same row waits for a batch at most. Stopped anywhere it goes on there when it is called again: what
 * is left to do stands in the rows.
 */
export async function rotateColumn(options: RotateColumnOptions): Promise<number> {
  const { database, workspaceId, column, batch = 200 } = options;
  const keys = column.key.map((name) => `"${name}"`).join(', ');
  const name = `"${column.column}"`;
  let total = 0;
  for (;;) {
    const rows = await database.withWorkspace({ workspaceId }, async (transaction) => {
      const stale = await transaction.query(
        sql(
          'encryption.stale',
          `select ${column.key.map((part) => `"${part}"::text`).join(', ')}, ${name} as value from "${column.table}"
           where workspace_id = $1 and ${name} not like $2 order by ${keys} limit $3 for update`,
          [options.currentPattern, batch],
        ),
      );
      if (stale.length === 0) return 0;
      const keysOf = stale.map((row) => column.key.map((part) => row[part] as string));
      const sealed = stale.map((row, index) =>
        transaction.cipher.seal(
          column,
          keysOf[index]!,
          transaction.cipher.open(column, keysOf[index]!, row['value'] as string),
        ),
      );
      await transaction.query(
        sql(
          'encryption.reseal',
          `update "${column.table}" t set ${name} = new.value
           from unnest($2::text[], ${column.key.map((_, index) => `$${index + 3}::text[]`).join(', ')})
             as new (value, ${keys})
           where t.workspace_id = $1 and ${column.key.map((part) => `t."${part}"::text = new."${part}"`).join(' and ')}`,
          [sealed, ...column.key.map((_, index) => keysOf.map((key) => key[index]!))],
        ),
      );
      return stale.length;
    });
    total += rows;
    if (rows > 0) options.onProgress?.(rows);
    if (rows < batch) return total;
  }
}

/** How many of the workspace's values another key than the current one has sealed, or none. */
export async function countStale({
  database,
  workspaceId,
  column,
  currentPattern,
}: RotateColumnOptions): Promise<number> {
  const [row] = await database.read(
    { workspaceId },
    sql(
      'encryption.countStale',
      `select count(*) as n from "${column.table}" where workspace_id = $1 and "${column.column}" not like $2`,
      [currentPattern],
    ),
  );
  return Number(row!['n']);
}
