import type { Random } from '@tributary/kit';
import { replaceMarks } from '../world/canaries.ts';

/** A request like another, but with ids, cursors and texts that never existed anywhere. */
export interface Twin<T> {
  readonly value: T;
  /** What stands in the original for what stands in the twin. */
  readonly made: ReadonlyMap<string, string>;
}

/** Makes the twin of a request's values: the same mark becomes the same new mark. `keep` stays as it is. */
export function twinOf<T>(value: T, random: Random, keep: (mark: string) => boolean): Twin<T> {
  const made = new Map<string, string>();
  const change = (mark: string, kind: 'id' | 'canary' | 'cursor'): string => {
    if (keep(mark)) return mark;
    const known = made.get(mark);
    if (known !== undefined) return known;
    const fresh =
      kind === 'id'
        ? // All but its end stays, so that it stands at the same place in a list, also among what came in the same millisecond.
          `${mark.slice(0, 28)}${random.hex(8)}`
        : kind === 'canary'
          ? `cnyx${random.hex(12)}`
          : otherStreamCursor(mark, random);
    made.set(mark, fresh);
    return fresh;
  };
  const copy = (item: unknown): unknown => {
    if (typeof item === 'string') return replaceMarks(item, change);
    if (Array.isArray(item)) return item.map(copy);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, copy(inner)]));
  };
  return { value: copy(value) as T, made };
}

/** The same version and sequence in a stream that does not exist. */
function otherStreamCursor(cursor: string, random: Random): string {
  const bytes = Buffer.from(cursor, 'base64url');
  Buffer.from(random.hex(16), 'hex').copy(bytes, 1);
  Buffer.from(random.hex(12), 'hex').copy(bytes, 15);
  return bytes.toString('base64url');
}

const moving = [
  /"(requestId|timestamp|webhook-timestamp)":"[^"]*"/g,
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g,
  // Averages over what has passed of a period move with the clock. What they are averages of stands beside them, and is compared.
  /"(perDayUsd|projectedMonthUsd|perMinute)":[\d.e+-]+/g,
] as const;

/**
 * What must be equal in the answers to a request and to its twin: everything but the request's own id, moments, and the values that
 * were asked with, each named by its place in the request.
 */
export function comparable(text: string, made: ReadonlyMap<string, string>, isTwin: boolean): string {
  let result = text;
  let index = 0;
  for (const [original, twin] of made) {
    index += 1;
    result = result.replaceAll(isTwin ? twin : original, `<${index}>`);
  }
  return moving.reduce((rest, pattern) => rest.replace(pattern, '<moving>'), result);
}
