import type { QueryRunner } from 'typeorm';

export type Grant = 'select' | 'insert' | 'update' | 'delete';

/**
 * The workspace of the current transaction; null when none is bound, so that policies fail closed. A plain expression: PostgreSQL makes a
 * one-time filter of it where a statement says workspace_id = $1, and Citus takes it. Never a function that is declared IMMUTABLE: that is
 * folded into cached plans, which show the last tenant's rows to the next.
 */
const boundWorkspace = `nullif(current_setting('app.workspace_id', true), '')::uuid`;

/**
 * Puts a table that has just been created behind the two locks: forced row-level security with the one policy that every table
 * has, and for role `app` just the grants that are named. TRUNCATE is never granted: it ignores row-level security.
 */
export async function lockTenantTable(runner: QueryRunner, table: string, grants: readonly Grant[]): Promise<void> {
  await runner.query(`alter table ${table} enable row level security`);
  await runner.query(`alter table ${table} force row level security`);
  await runner.query(
    `create policy tenant on ${table} using (workspace_id = ${boundWorkspace}) with check (workspace_id = ${boundWorkspace})`,
  );
  await runner.query(`revoke all on ${table} from public`);
  if (grants.length > 0) await runner.query(`grant ${grants.join(', ')} on ${table} to app`);
}

/** Lets lookup functions (owned by `resolver`) read a table over all workspaces. The only second policy that a table may have. */
export async function openToLookup(runner: QueryRunner, table: string, columns: readonly string[]): Promise<void> {
  await runner.query(`create policy lookup on ${table} for select to resolver using (true)`);
  await runner.query(`grant select (${columns.join(', ')}) on ${table} to resolver`);
}

/**
 * Creates `lookup.<signature>`: SECURITY DEFINER, owned by `resolver`, with an empty search_path, callable by `app` (and `worker`).
 * `signature` is "name(argument type, …)", `body` one SQL query over schema-qualified tables; or all of a body, where `language` says which.
 */
export async function createLookup(
  runner: QueryRunner,
  definition: {
    signature: string;
    returns: string;
    body: string;
    language?: 'sql' | 'plpgsql';
    volatility?: 'stable' | 'volatile';
  },
): Promise<void> {
  const { signature, returns } = definition;
  const takesNothing = /\(\s*\)$/.test(signature);
  const language = definition.language ?? (takesNothing ? 'sql' : 'plpgsql');
  const body = definition.language || takesNothing ? definition.body : lookupBody(returns, definition.body);
  await runner.query(
    `create function lookup.${signature} returns ${returns} language ${language} ${definition.volatility ?? 'stable'}
     security definer set search_path = '' as $body$ ${body} $body$`,
  );
  const identity = `lookup.${signature}`;
  await runner.query(`alter function ${identityArguments(identity)} owner to resolver`);
  await runner.query(`revoke all on function ${identityArguments(identity)} from public`);
  await runner.query(`grant execute on function ${identityArguments(identity)} to app, worker`);
}

/** A query as the body of a PL/pgSQL function that answers the same: Citus takes no parameters into functions in SQL. */
export function lookupBody(returns: string, query: string): string {
  const statement = query.trim().replace(/;$/, '');
  const isOne = !/^(?:table|setof)\b/i.test(returns);
  // A name that a column and a parameter share is the column's, as in a function in SQL.
  const head = `#variable_conflict use_column\n`;
  if (returns === 'void') return `${head}begin ${statement}; end`;
  if (isOne) return `${head}declare answer ${returns}; begin ${statement} into answer; return answer; end`;
  return `${head}begin return query ${statement}; end`;
}

/** `alter function` takes argument names too, but no defaults. */
function identityArguments(signature: string): string {
  return signature.replace(/\s+default\s+[^,)]+/gi, '');
}
