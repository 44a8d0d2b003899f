import type { Database } from '@tributary/data';
import pg from 'pg';

/**
 * Tests make workspaces of nothing but a uuid. What is written in bulk comes from the workspace's own row, so each gets one before the
 * first transaction that writes for it. Answers what ends that.
 */
export function giveRowsToWorkspaces(database: Database, superuserUrl: string): AsyncDisposable {
  const admin = new pg.Pool({ connectionString: superuserUrl, max: 1 });
  // A test may end all connections of its database; the next one is opened anew.
  admin.on('error', () => undefined);
  const given = new Map<string, Promise<unknown>>();
  const give = (workspaceId: string) =>
    admin.query(
      `insert into workspace (workspace_id, slug, name) values ($1, 'w-' || left(md5($1::uuid::text), 20), 'test') on conflict do nothing`,
      [workspaceId],
    );
  const withWorkspace = database.withWorkspace.bind(database);
  database.withWorkspace = async (scope, work) => {
    const { workspaceId } = scope;
    if (!given.has(workspaceId)) given.set(workspaceId, give(workspaceId));
    await given.get(workspaceId);
    return withWorkspace(scope, work);
  };
  return { [Symbol.asyncDispose]: () => admin.end() };
}
