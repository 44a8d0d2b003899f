import { createHash } from 'node:crypto';

export const letters = ['a', 'b', 'c'] as const;
/** The three workspaces: A attacks, B is never to be seen or touched, C works on meanwhile and is not to be seen either. */
export type Letter = (typeof letters)[number];

const canary = /cny([abcx])[0-9a-f]{12}/gi;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Small letters and digits only, so that it survives whatever folds case, cuts words or builds keys. */
export class Canaries {
  readonly #seed: string;
  readonly #columns = new Map<string, string>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The canary of a column ("asset.name") in a workspace: always the same one. */
  of(letter: Letter, column: string): string {
    const text = `cny${letter}${createHash('sha256').update(`${this.#seed}/${letter}/${column}`).digest('hex').slice(0, 12)}`;
    this.#columns.set(text, column);
    return text;
  }

  /** Where a canary was put; null for one that was put nowhere. */
  columnOf(text: string): string | null {
    return this.#columns.get(text.toLowerCase()) ?? null;
  }
}

/** Every canary in a text. */
export function canariesIn(text: string): string[] {
  return text.match(canary) ?? [];
}

/** Every uuid in a text, in small letters. */
export function uuidsIn(text: string): string[] {
  return (text.match(uuid) ?? []).map((found) => found.toLowerCase());
}

export function letterOf(found: string): string {
  return found[3]!.toLowerCase();
}

/** A text with its ids and canaries replaced by `change`, also inside of cursors. */
export function replaceMarks(text: string, change: (mark: string, kind: 'id' | 'canary' | 'cursor') => string): string {
  const plain = (part: string) =>
    part.replace(uuid, (found) => change(found, 'id')).replace(canary, (found) => change(found, 'canary'));
  const list = decodedList(text);
  if (list !== null) return Buffer.from(plain(list)).toString('base64url');
  if (isStreamCursor(text)) return change(text, 'cursor');
  return plain(text);
}

/** What a list's cursor says: JSON of the list's name and sort values. Null when the text is no such cursor. */
export function decodedList(text: string): string | null {
  if (!/^[A-Za-z0-9_-]{16,}$/.test(text)) return null;
  const decoded = Buffer.from(text, 'base64url').toString('utf8');
  return /^\[".*\]$/s.test(decoded) ? decoded : null;
}

/** Of one stream, 21 bytes, the first of them the version 1; or of several at once, version 2 and 12 bytes for each. */
export function isStreamCursor(text: string): boolean {
  if (!/^A[A-Za-z0-9_-]{27,}$/.test(text)) return false;
  const bytes = Buffer.from(text, 'base64url');
  return bytes[0] === 1 ? bytes.length === 21 : bytes[0] === 2 && bytes.length > 10 && (bytes.length - 10) % 12 === 0;
}
