import pg from 'pg';

/** Bare uuids of all workspaces. `adminUrl` logs in as a superuser or a role with BYPASSRLS. */
export async function listWorkspaces(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('set row_security = off');
    const { rows } = await client.query<{ workspace_id: string }>(
      'select workspace_id from workspace order by workspace_id',
    );
    return rows.map((row) => row.workspace_id);
  } finally {
    await client.end();
  }
}
