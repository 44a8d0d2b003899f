import { lostInJson } from '@tributary/kernel';
import { type CodedError } from '@tributary/contracts/errors';
import { lostValue } from '../http/readJson.js';

/** The operation of a subscribe message that holds a value which would not arrive as it was sent, and what is said of it; else null. */
export function lostInMessage(text: string): { readonly id: string; readonly refusal: CodedError } | null {
  try {
    const lost = lostInJson(text);
    if (!lost) return null;
    const { type, id } = JSON.parse(text) as { readonly type?: unknown; readonly id?: unknown };
    if (type !== 'subscribe' || typeof id !== 'string') return null;
    const path = lost.path[0] === 'payload' ? lost.path.slice(1) : lost.path;
    return { id, refusal: lostValue({ ...lost, path }) };
  } catch {
    // graphql-ws says that it is not JSON.
    return null;
  }
}
