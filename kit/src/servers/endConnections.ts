import type pg from 'pg';

export interface EndedConnections {
  /** Of this role only. */
  readonly role?: string;
  /** Of this application only. */
  readonly applicationName?: string;
  /** Names of applications whose connections stay. */
  readonly besides?: readonly string[];
}

/**
 * Ends connections to the database that `admin` is connected to, as when PostgreSQL falls; never its own. A run's test files share one
 * PostgreSQL, so those to other databases are somebody else's. Resolves when none is left that was there.
 */
export async function endConnections(
  admin: pg.Client,
  { role, applicationName, besides = [] }: EndedConnections = {},
): Promise<void> {
  const { rows } = await admin.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and ($1::text is null or usename = $1)
     and ($2::text is null or application_name = $2) and application_name <> all($3)`,
    [role ?? null, applicationName ?? null, besides],
  );
  let left = rows.map(({ pid }) => pid);
  while (left.length > 0) {
    const found = await admin.query<{ pid: number }>('select pid from pg_stat_activity where pid = any($1)', [left]);
    left = found.rows.map(({ pid }) => pid);
  }
}
