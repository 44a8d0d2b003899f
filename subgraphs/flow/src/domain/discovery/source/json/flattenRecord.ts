import { sourceLimits } from '../../sourceLimits.js';
import type { SourceValue } from '../../sourceRecord.js';
import type { ColumnNode, ColumnTree } from './ColumnTree.js';
import { isObject, type JsonObject } from './jsonValue.js';
import { mainField, wordsOfObjects, withoutTypes } from './typedValues.js';

export interface FlatRecord {
  readonly values: SourceValue[];
  readonly overflow?: Record<string, SourceValue>;
}

/**
 * Nested JSON to cells by dotted path: `State.Name`. Lists of `{ Key, Value }` become `Tags.<Key>`, lists of scalars stay
 * one cell, lists of objects get a number in the path (`Disks.0.Size`), recorded Python datetimes become ISO text.
 * A code when the record has more paths than a source may have columns, or is nested past what can be written as text.
 */
export function flattenRecord(
  record: object,
  columns: ColumnTree,
  skipped: ReadonlySet<string> = new Set(),
): FlatRecord | 'TOO_MANY_COLUMNS' | 'TOO_DEEP' {
  const flat: { values: SourceValue[]; overflow?: Record<string, SourceValue> } = { values: [] };
  let paths = 0;
  let tooDeep = false;

  function put(node: ColumnNode, value: SourceValue): void {
    if (value === null || value === '') return;
    paths += 1;
    const index = columns.columnOf(node);
    if (index === -1) {
      flat.overflow ??= Object.create(null) as Record<string, SourceValue>;
      flat.overflow[node.path] = value;
      return;
    }
    while (flat.values.length < index) flat.values.push(undefined);
    flat.values[index] = value;
  }

  function putJson(node: ColumnNode, value: object): void {
    if (nestsDeeperThan(value, sourceLimits.jsonNesting)) tooDeep = true;
    else put(node, JSON.stringify(value));
  }

  function visit(node: ColumnNode, value: unknown, depth: number): void {
    if (paths > sourceLimits.columns || skipped.has(node.path)) return;
    if (typeof value !== 'object' || value === null) {
      put(node, value as SourceValue);
      return;
    }
    if (depth >= sourceLimits.jsonDepth) {
      putJson(node, value);
      return;
    }
    if (Array.isArray(value)) {
      visitArray(node, value, depth);
      return;
    }
    const datetime = readRecordedDatetime(value);
    if (datetime !== null) {
      put(node, datetime);
      return;
    }
    const main = depth === 0 ? null : mainField(value as JsonObject);
    if (main !== null) put(node, (value as JsonObject)[main] as SourceValue);
    for (const key in value) {
      if (key !== main) visit(columns.child(node, key), (value as JsonObject)[key], depth + 1);
    }
  }

  function visitArray(node: ColumnNode, items: readonly unknown[], depth: number): void {
    if (items.length === 0) return;
    if (items.every((item) => typeof item !== 'object' || item === null)) {
      const scalars = items.filter((item) => item !== null && item !== '') as (string | number | boolean)[];
      if (scalars.length > 0) put(node, scalars);
      return;
    }
    const pairs = items.map(readPair);
    if (pairs.every((pair) => pair !== null)) {
      for (const [key, value] of pairs) put(columns.child(node, key), value);
      return;
    }
    const words = wordsOf(node, items);
    if (words !== null) {
      put(node, words.words);
      if (words.complete) return;
    }
    items
      .slice(0, sourceLimits.jsonArrayElements)
      .forEach((item, position) => visit(columns.child(node, String(position)), item, depth + 1));
    if (items.length > sourceLimits.jsonArrayElements) {
      putJson(columns.child(node, 'more'), items.slice(sourceLimits.jsonArrayElements));
    }
  }

  visit(columns.root, withoutTypes(record), 0);
  if (tooDeep) return 'TOO_DEEP';
  return paths > sourceLimits.columns ? 'TOO_MANY_COLUMNS' : flat;
}

/** Tags and the like are their words; other things with names are told by them, beside what else is known of each. */
function wordsOf(node: ColumnNode, items: readonly unknown[]): { words: string[]; complete: boolean } | null {
  if (!items.every(isObject)) return null;
  const words = wordsOfObjects(items);
  if (words === null) return null;
  const last = node.path.slice(node.path.lastIndexOf('.') + 1);
  return { words, complete: /^(tags?|labels?|groups?|categories|keywords)$/i.test(last) };
}

/** JSON.parse takes any depth, but JSON.stringify and the database recurse and fail. */
function nestsDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  return Object.values(value).some(
    (inner) => typeof inner === 'object' && inner !== null && nestsDeeperThan(inner as object, levels - 1),
  );
}

function readPair(item: unknown): readonly [string, string | number | boolean | null] | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const fields = item as Record<string, unknown>;
  const names = Object.keys(fields);
  if (names.length !== 2) return null;
  const key = fields['Key'] ?? fields['key'] ?? fields['Name'] ?? fields['name'];
  const value = 'Value' in fields ? fields['Value'] : fields['value'];
  if (typeof key !== 'string' || value === undefined || (typeof value === 'object' && value !== null)) return null;
  return [key, value as string | number | boolean | null];
}

/** `{"__class__":"datetime","year":2026,…}`, as recordings of Python SDK replies hold dates. Taken as UTC. */
function readRecordedDatetime(value: object): string | null {
  const fields = value as Record<string, unknown>;
  if (fields['__class__'] !== 'datetime') return null;
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map((name) =>
    Number(fields[name] ?? 0),
  );
  const time = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}
