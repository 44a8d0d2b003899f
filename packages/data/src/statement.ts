import type { WorkspaceCipher } from './encryption/WorkspaceCipher.js';
import { checkBound, statementText } from './statementText.js';
import type { StatementText } from './statementText.js';

export type Row = Record<string, unknown>;

/** One SQL statement, named, with what makes a result of each of its rows. */
export interface Statement<Result = Row> {
  /** `<subgraph>.<whatItDoes>`; stands as a comment in front of the SQL and names the prepared statement. */
  readonly name: string;
  readonly text: string;
  /** What is known of the text: its name at PostgreSQL, and what it may be used for. */
  readonly facts: StatementText;
  /** Its own values: of $2, $3 … when the statement is of a workspace, else of $1, $2 … */
  readonly values: readonly unknown[];
  /** Whether $1 is the workspace. The handle that sends the statement binds it; nobody else can say which one it is. */
  readonly isOfWorkspace: boolean;
  /** `cipher` opens the encrypted columns of the workspace that the statement ran for. */
  readonly map: (row: Row, cipher: WorkspaceCipher) => Result;
  /** Property by column, for a result that is the row itself under other names: it is built so at once, without `map`. */
  readonly properties?: ReadonlyMap<string, string>;
  /** Takes so long that nothing else of its request should wait behind it: it makes a trip of its own. */
  readonly isHeavy?: boolean;
  /** Whether one plan is right for whatever values. */
  readonly isPlannedOnce?: boolean;
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
  const facts = statementText(name, text);
  checkBound(facts, values.length);
  return { name, text, facts, values, isOfWorkspace: true, map };
}

/** As `sql`, where each result is its row under other names: those of `properties`, by column. What they do not name is left out. */
export function recordSql<Result>(
  name: string,
  text: string,
  values: readonly unknown[],
  properties: ReadonlyMap<string, string>,
): Statement<Result> {
  const statement = sql(name, text, values, (row) => {
    const record: Row = {};
    for (const [column, property] of properties) record[property] = row[column];
    return record as Result;
  });
  return { ...statement, properties };
}

/**
 * A statement that names no workspace, such as a lock, a setting or a call of a lookup: `values` are $1, $2 … Row-level security alone
 * decides which rows it sees, so what reads or writes a table is made with `sql`.
 */
export function unfilteredSql(name: string, text: string, values: readonly unknown[] = []): Statement {
  return { name, text, facts: statementText(name, text), values, isOfWorkspace: false, map: asItIs };
}

/** The statement as one that makes a trip of its own: counts, searches and walks, behind which a page must not wait. */
export function heavy<Result>(statement: Statement<Result>): Statement<Result> {
  return { ...statement, isHeavy: true };
}

/**
 * The statement as one whose plan is the same for whatever values: it finds rows by an index that leads to few, or reads them in an index's
 * order up to a limit. PostgreSQL itself would plan it anew each time for as long as it remembers how little the first calls cost, when the
 * tables were empty.
 */
export function planOnce<Result>(statement: Statement<Result>): Statement<Result> {
  return { ...statement, isPlannedOnce: true };
}

/** Throws unless the statement only reads, and so cannot end the transaction that binds it. */
export function assertRead({ name, facts }: Statement<unknown>): void {
  if (!facts.isRead) throw new Error(`${name} is no SELECT. Write in withWorkspace; a batch only reads.`);
}

/** A statement's values as they go to PostgreSQL for a workspace. */
export function boundValues(statement: Statement<unknown>, workspaceId: string): unknown[] {
  return statement.isOfWorkspace ? [workspaceId, ...statement.values] : [...statement.values];
}

/** Rows as PostgreSQL names them. */
export function asItIs(row: Row): Row {
  return row;
}
