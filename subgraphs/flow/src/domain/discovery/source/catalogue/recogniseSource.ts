import { headingKey } from './headingKey.js';
import { isScalar } from '../json/jsonValue.js';
import { rootOf, type PathExpression, type PathNode } from './PathExpression.js';
import type { Evidence, SourceDefinition } from './SourceDefinition.js';

export interface Recognised {
  readonly definition: SourceDefinition;
  /** 0 to 1: the share of the looked-at records that show all of the evidence. */
  readonly confidence: number;
}

const recordsToCompare = 20;
const leastShare = 0.6;

/** Which known source a document is, with its records; null when none. The one with most evidence wins. */
export function recogniseDocument(
  documents: readonly unknown[],
  definitions: readonly SourceDefinition[],
): { recognised: Recognised; records: PathNode[] } | null {
  const roots = documents.map(rootOf);
  let best: { recognised: Recognised; records: PathNode[]; weight: number } | null = null;
  for (const definition of definitions) {
    if (definition.form !== 'tree') continue;
    const { document } = definition;
    if (document !== null && !roots.every((root) => shows(root, document))) continue;
    const records = innermost(
      roots.flatMap((root) => definition.records.map((path) => [path, path.nodes(root)] as const)),
    );
    const found = judge(definition, records);
    if (found === null) continue;
    const weight = weightOf(definition.recognise) + (document === null ? 0 : weightOf(document) + 1);
    if (best === null || weight > best.weight) best = { recognised: found, records, weight };
  }
  return best;
}

/** Whatever it is: a record, a list of them, or a reply around them. */
const anything = new Set(['.', '[]']);

/** Without what only wraps others: the shortest paths, `.` and `[]`, lead to lists and replies, too, and the path of one thing to the list of several. */
function innermost(found: readonly (readonly [PathExpression, readonly PathNode[]])[]): PathNode[] {
  const wrappers = new Set<unknown>();
  for (const [, nodes] of found) {
    for (const node of nodes)
      for (let at = node.parent; at !== null && !wrappers.has(at.value); at = at.parent) wrappers.add(at.value);
  }
  return found.flatMap(([{ text }, nodes]) =>
    nodes.filter(({ value }) => !wrappers.has(value) || !(anything.has(text) || Array.isArray(value))),
  );
}

/** The same for records whose document is not at hand: one that is too long to hold, or lines. */
export function recogniseRecords(
  records: readonly unknown[],
  definitions: readonly SourceDefinition[],
): Recognised | null {
  let best: { recognised: Recognised; weight: number } | null = null;
  for (const definition of definitions) {
    if (definition.form !== 'tree' || definition.document !== null) continue;
    const found = judge(definition, records.map(rootOf));
    const weight = weightOf(definition.recognise);
    if (found !== null && (best === null || weight > best.weight)) best = { recognised: found, weight };
  }
  return best?.recognised ?? null;
}

/** Which known table has these columns. Headings are compared by their letters, so that case and underscores do not count. */
export function recogniseTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  definitions: readonly SourceDefinition[],
): Recognised | null {
  const words = columns.map(headingKey);
  const nodes = rows
    .slice(0, recordsToCompare)
    .map((row) => rootOf(Object.fromEntries(words.map((name, index) => [name, row[index]]))));
  const named = new Set(words);
  let best: { recognised: Recognised; weight: number } | null = null;
  for (const definition of definitions) {
    if (definition.form !== 'table') continue;
    const { all, any, values } = definition.recognise;
    if (!all.every(({ plain }) => named.has(plain!))) continue;
    if (any.length > 0 && !any.some(({ plain }) => named.has(plain!))) continue;
    const fitting = nodes.filter((node) =>
      values.every(({ path, values: wanted }) => {
        const value = (node.value as Record<string, unknown>)[path.plain!];
        return typeof value === 'string' && wanted.has(value.trim().toLowerCase());
      }),
    );
    if (values.length > 0 && fitting.length < nodes.length * leastShare) continue;
    const weight = weightOf(definition.recognise);
    const confidence = nodes.length === 0 ? 1 : fitting.length / nodes.length;
    if (best === null || weight > best.weight) best = { recognised: { definition, confidence }, weight };
  }
  return best?.recognised ?? null;
}

function judge(definition: SourceDefinition, records: readonly PathNode[]): Recognised | null {
  const looked = records.slice(0, recordsToCompare);
  if (looked.length === 0) return null;
  const share = looked.filter((record) => shows(record, definition.recognise)).length / looked.length;
  return share >= leastShare ? { definition, confidence: Math.round(share * 100) / 100 } : null;
}

function shows(node: PathNode, { all, any, values }: Evidence): boolean {
  return (
    all.every((path) => path.nodes(node).length > 0) &&
    (any.length === 0 || any.some((path) => path.nodes(node).length > 0)) &&
    values.every(({ path, values: wanted }) =>
      path.values(node).some((value) => isScalar(value) && wanted.has(String(value).toLowerCase())),
    )
  );
}

function weightOf({ all, any, values }: Evidence): number {
  return all.length + Math.min(1, any.length) + values.length * 2;
}
