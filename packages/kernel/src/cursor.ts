import { CodedError } from '@tributary/contracts/errors';
import { lostInJson } from './lostInJson.js';

/**
 * Opaque text for a position in a list: the kind of list and the sort values of the last row. Only ever handed back by
 * clients. Throws INVALID_INPUT on decode when the text is damaged or belongs to another kind of list.
 */
export function encodeCursor(list: string, values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

export function decodeCursor(list: string, cursor: string): (string | number | null)[] {
  let parsed: unknown;
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    parsed = lostInJson(text) === null ? JSON.parse(text) : null;
  } catch {
    parsed = null;
  }
  const sound =
    Array.isArray(parsed) &&
    parsed[0] === list &&
    parsed.length > 1 &&
    parsed.every((value) => value === null || typeof value === 'string' || typeof value === 'number');
  if (!sound) {
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  }
  return (parsed as (string | number | null)[]).slice(1);
}
