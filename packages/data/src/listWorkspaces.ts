import { withClient } from './withClient.js';

/** Bare uuids of all workspaces. `adminUrl` logs in as a superuser or a role with BYPASSRLS. */
export async function listWorkspaces(adminUrl: string): Promise<string[]> {
  return withClient(adminUrl, async (client) => {
    await client.query('set row_security = off');
    const { rows } = await client.query<{ workspace_id: string }>(
      'select workspace_id from workspace order by workspace_id',
    );
    return rows.map((row) => row.workspace_id);
  });
}
