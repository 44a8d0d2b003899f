import pg from 'pg';

/**
 * Asks every table for whatever a workspace can see, without a filter: nothing of others, and nothing at all when none is bound. Answers
 * what was seen that should not be.
 */
export async function foreignRows(urls: {
  app: string;
  admin: string;
}): Promise<{ tables: number; rows: number; seen: string[] }> {
  const admin = new pg.Client({ connectionString: urls.admin });
  const app = new pg.Client({ connectionString: urls.app });
  await Promise.all([admin.connect(), app.connect()]);
  try {
    const { rows: readable } = await admin.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and has_table_privilege('app', c.oid, 'select') order by 1`,
    );
    const { rows: workspaces } = await admin.query<{ id: string }>(
      'select workspace_id as id from workspace order by 1',
    );
    const seen: string[] = [];
    let rows = 0;
    for (const { name } of readable) {
      const all = await admin.query<{ id: string; n: number }>(
        `select workspace_id as id, count(*)::int as n from "${name}" group by 1`,
      );
      rows += all.rows.reduce((sum, { n }) => sum + n, 0);
      for (const { id } of workspaces) {
        await app.query(`begin read only; set local app.workspace_id = '${id}'`);
        const { rows: visible } = await app.query<{ id: string; n: number }>(
          `select workspace_id as id, count(*)::int as n from "${name}" group by 1`,
        );
        await app.query('commit');
        const own = all.rows.find((row) => row.id === id)?.n ?? 0;
        if (visible.some((row) => row.id !== id)) seen.push(`${name}: rows of others`);
        if ((visible.find((row) => row.id === id)?.n ?? 0) < own) seen.push(`${name}: not all of its own rows`);
      }
      await app.query('begin read only');
      const unbound = await app.query(`select from "${name}" limit 1`);
      await app.query('commit');
      if (unbound.rowCount !== 0) seen.push(`${name}: rows without a workspace`);
    }
    return { tables: readable.length, rows, seen };
  } finally {
    await Promise.all([admin.end(), app.end()]);
  }
}
