import { createHash } from 'node:crypto';

/** What is known of a statement's text, found once for each name and text. */
export interface StatementText {
  readonly name: string;
  readonly text: string;
  /** Names the prepared statement: the same for the same text only, since a list's text differs with its filters. */
  readonly preparedName: string;
  /** The text behind its name as a comment. */
  readonly preparedText: string;
  /** The highest parameter number in it. */
  readonly highest: number;
  /** Whether it says workspace_id = $1, or inserts $1 as the workspace. */
  readonly isBound: boolean;
  /** Whether it only reads and cannot end a transaction: it begins with SELECT or WITH. */
  readonly isRead: boolean;
}

/** `workspace_id = $1`, of whatever alias, quoted or not. */
const filter = /\bworkspace_id"?\s*=\s*\$1\b/i;
/** An insert whose first column is the workspace and whose first value is $1. */
const insertion = /\binsert\s+into\s[^(]*\(\s*"?workspace_id"?\s*[,)][^;]*?\b(?:values\s*\(\s*|select\s+)\$1\b/i;

const known = new Map<string, StatementText>();
const maxTexts = 5_000;

/** 63 bytes is what PostgreSQL keeps of a prepared statement's name. */
export function statementText(name: string, text: string): StatementText {
  const found = known.get(text);
  if (found?.name === name) return found;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const made: StatementText = {
    name,
    text,
    preparedName: `${name.slice(0, 48)}:${digest}`,
    preparedText: `/* ${name} */ ${text}`,
    highest: highestParameter(text),
    isBound: filter.test(text) || insertion.test(text),
    isRead: /^\s*(select|with)\b/i.test(text),
  };
  if (known.size >= maxTexts) known.clear();
  known.set(text, made);
  return made;
}

/** Throws unless the text holds itself to the workspace that is bound as $1 and takes just as many values more as it is given. */
export function checkBound({ name, isBound, highest }: StatementText, values: number): void {
  if (!isBound) {
    throw new Error(
      `${name} says nowhere workspace_id = $1. The workspace is bound as $1 by the handle that sends the statement; filter every table by it.`,
    );
  }
  if (highest !== values + 1) {
    throw new Error(
      `${name} goes up to $${highest} and has ${values} values. $1 is the workspace, so own values start at $2: the last is $${values + 1}.`,
    );
  }
}

function highestParameter(text: string): number {
  let highest = 0;
  for (const [, number] of text.matchAll(/\$(\d+)/g)) highest = Math.max(highest, Number(number));
  return highest;
}
