import { createHash } from 'node:crypto';
import type { WorkspaceCipher } from './encryption/WorkspaceCipher.js';
import { checkWorkspaceText } from './statementText.js';

export type Row = Record<string, unknown>;

/** One SQL statement, named, with what makes a result of each of its rows. */
export interface Statement<Result = Row> {
  /** `<subgraph>.<whatItDoes>`; stands as a comment in front of the SQL and names the prepared statement. */
  readonly name: string;
  readonly text: string;
  /** Its own values: of $2, $3 … when the statement is of a workspace, else of $1, $2 … */
  readonly values: readonly unknown[];
  /** Whether $1 is the workspace. The handle that sends the statement binds it; nobody else can say which one it is. */
  readonly isOfWorkspace: boolean;
  /** `cipher` opens the encrypted columns of the workspace that the statement ran for. */
  readonly map: (row: Row, cipher: WorkspaceCipher) => Result;
}

/**
 * A statement over one workspace's rows: $1 is the workspace of the handle that sends it, `values` are $2, $3 … Without `map` its rows
 * come as PostgreSQL names them. Throws when the text does not filter by `workspace_id = $1` or has another number of values.
 */
export function sql(name: string, text: string, values?: readonly unknown[]): Statement;
export function sql<Result>(
  name: string,
  text: string,
  values: readonly unknown[],
  map: (row: Row, cipher: WorkspaceCipher) => Result,
): Statement<Result>;
export function sql(
  name: string,
  text: string,
  values: readonly unknown[] = [],
  map: (row: Row, cipher: WorkspaceCipher) => unknown = asItIs,
): Statement<unknown> {
  checkWorkspaceText(name, text, values.length);
  return { name, text, values, isOfWorkspace: true, map };
}

/**
 * A statement that names no workspace, such as a lock, a setting or a call of a lookup: `values` are $1, $2 … Row-level security alone
 * decides which rows it sees, so what reads or writes a table is made with `sql`.
 */
export function unfilteredSql(name: string, text: string, values: readonly unknown[] = []): Statement {
  return { name, text, values, isOfWorkspace: false, map: asItIs };
}

/** A statement's values as they go to PostgreSQL for a workspace. */
export function boundValues(statement: Statement<unknown>, workspaceId: string): unknown[] {
  return statement.isOfWorkspace ? [workspaceId, ...statement.values] : [...statement.values];
}

function asItIs(row: Row): Row {
  return row;
}

const preparedNames = new Map<string, { name: string; text: string }>();
const maxPreparedNames = 5_000;

/**
 * What goes to PostgreSQL: the text behind its name as a comment, and a prepared-statement name that is the same for the same
 * text only (a list's text differs with its filters). 63 bytes is what PostgreSQL keeps of a name.
 */
export function prepared(statement: Statement<unknown>): { name: string; text: string } {
  const key = `${statement.name}\n${statement.text}`;
  const known = preparedNames.get(key);
  if (known) return known;
  const digest = createHash('sha256').update(statement.text).digest('hex').slice(0, 12);
  const made = { name: `${statement.name.slice(0, 48)}:${digest}`, text: `/* ${statement.name} */ ${statement.text}` };
  if (preparedNames.size >= maxPreparedNames) preparedNames.clear();
  preparedNames.set(key, made);
  return made;
}
