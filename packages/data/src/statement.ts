import { createHash } from 'node:crypto';
import type { WorkspaceCipher } from './encryption/WorkspaceCipher.js';

export type Row = Record<string, unknown>;

/** One SQL statement, named, with what makes a result of each of its rows. */
export interface Statement<Result = Row> {
  /** `<subgraph>.<whatItDoes>`; stands as a comment in front of the SQL and names the prepared statement. */
  readonly name: string;
  /** SQL with $1, $2 …; $1 is the workspace by convention. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** `cipher` opens the encrypted columns of the workspace that the statement ran for. */
  readonly map: (row: Row, cipher: WorkspaceCipher) => Result;
}

/** A statement written by hand. Without `map` its rows come as PostgreSQL names them. */
export function sql(name: string, text: string, values: readonly unknown[]): Statement;
export function sql<Result>(
  name: string,
  text: string,
  values: readonly unknown[],
  map: (row: Row, cipher: WorkspaceCipher) => Result,
): Statement<Result>;
export function sql(
  name: string,
  text: string,
  values: readonly unknown[],
  map: (row: Row, cipher: WorkspaceCipher) => unknown = (row) => row,
): Statement<unknown> {
  return { name, text, values, map };
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
