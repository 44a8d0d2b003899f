/** The engines that the product's SQL runs on. Citus spreads the tables over several PostgreSQL servers. */
export const databaseEngines = ['postgresql', 'citus'] as const;
export type DatabaseEngine = (typeof databaseEngines)[number];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The uuid as its 36 canonical characters, which is all that may ever stand in a text of SQL. Throws for everything else; what it was is not
 * said, since it may be hostile.
 */
export function strictUuid(text: unknown): string {
  const lower = typeof text === 'string' && text.length === 36 ? text.toLowerCase() : '';
  if (!uuid.test(lower)) throw new Error('A workspace is bound by its uuid, and this is none.');
  return lower;
}

/**
 * Begins a transaction that is bound to a workspace, in one text: Citus carries `set local` to its workers, but neither set_config() nor
 * parameters of it.
 */
export function bindingText(workspaceId: string, transaction: 'read' | 'write'): string {
  const mode = transaction === 'read' ? 'isolation level repeatable read, read only' : 'isolation level read committed';
  return `begin ${mode}; set local app.workspace_id = '${strictUuid(workspaceId)}'`;
}
