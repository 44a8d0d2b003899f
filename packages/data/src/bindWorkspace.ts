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

/** What of `set_config` a read is bound by: $1 is the workspace, and where a pooler stands in between, $2 the time of a statement. */
export function bindingSettings(pooled: boolean): string[] {
  const settings = [`set_config('app.workspace_id', $1, true)`];
  return pooled ? [...settings, `set_config('statement_timeout', $2, true)`] : settings;
}

/** Values of `bindingSettings`. `statementTimeoutMs`: null where no pooler stands in between. */
export function bindingValues(workspaceId: string, statementTimeoutMs: number | null): string[] {
  return statementTimeoutMs === null ? [workspaceId] : [workspaceId, String(wholeMs(statementTimeoutMs))];
}

function wholeMs(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new Error('A statement timeout is a whole number of milliseconds.');
  return ms;
}

/**
 * Begins a transaction that is bound to a workspace, in one text, which is one message; Citus carries `set local` to its workers, but neither set_config() nor
 * parameters of it.
 */
export function bindingText(
  workspaceId: string,
  transaction: 'read' | 'write',
  statementTimeoutMs: number | null = null,
): string {
  const mode = transaction === 'read' ? 'isolation level repeatable read, read only' : 'isolation level read committed';
  const timeout = statementTimeoutMs === null ? '' : `; set local statement_timeout = ${wholeMs(statementTimeoutMs)}`;
  return `begin ${mode}; set local app.workspace_id = '${strictUuid(workspaceId)}'${timeout}`;
}
