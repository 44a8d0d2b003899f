import { attributeNames, contentNames } from './attributeNames.js';
import type { Attributes, AttributeValue } from './Span.js';

const maxValueBytes = 1_024;
/** A little below what a trace may have, for the number of those that were left out. */
const maxBytes = 16_000;
const droppedName = '_dropped';

/** What columns hold. Of the kind of an error they hold less than was said. */
const mapped: ReadonlySet<string> = new Set(
  Object.entries(attributeNames).flatMap(([field, names]) => (field === 'errorType' ? [] : names)),
);

export interface KeptOptions {
  /** Whether what was said to models and by them is kept. */
  readonly contents: boolean;
  /** Whether usage and cost stay, though columns hold them: where they are not counted. */
  readonly usage: boolean;
}

const usageNames: ReadonlySet<string> = new Set(
  (['inputTokens', 'outputTokens', 'cachedInputTokens', 'cacheWriteTokens', 'costUsd'] as const).flatMap(
    (field) => attributeNames[field],
  ),
);

/**
 * What is stored of a span's attributes beside the columns: scalars of at most 1 KB, 16 KB together, in the order in which they were sent.
 * `_dropped` says how many were left out for their size or form; contents are left out without a word.
 */
export function keptAttributes(attributes: Attributes, options: KeptOptions): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let bytes = 2;
  let dropped = 0;
  for (const [name, value] of attributes) {
    if (mapped.has(name) && !(options.usage && usageNames.has(name))) continue;
    if (!options.contents && isContent(name)) continue;
    const size = Buffer.byteLength(name) + sizeOf(value);
    if (isStorable(name) && isScalar(value) && size <= maxValueBytes && bytes + size + 8 <= maxBytes) {
      kept[name] = value;
      bytes += size + 8;
    } else dropped += 1;
  }
  if (dropped > 0) kept[droppedName] = dropped;
  return kept;
}

function isContent(name: string): boolean {
  return contentNames.some((content) => name === content || name.startsWith(`${content}.`));
}

function isScalar(value: AttributeValue): value is string | number | boolean {
  if (typeof value === 'string') return isStorable(value);
  return typeof value === 'number' || typeof value === 'boolean';
}

/** PostgreSQL takes neither NUL nor half a surrogate pair in jsonb. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function sizeOf(value: AttributeValue): number {
  return typeof value === 'string' ? Buffer.byteLength(JSON.stringify(value)) : 24;
}
