import type { AssetMapQuery } from '../../graph/generated/types';
import type { DrawnEdge, DrawnNode } from '../../graphs/DependencyGraph';
import { count, label } from '../../words/format';
import { say } from '../../words/say';

export type Dimension = 'kind' | 'environment' | 'department' | 'criticality' | 'status';

/** Dimensions whose values are the graph's own words. */
const constants: ReadonlySet<Dimension> = new Set(['kind', 'criticality', 'status']);

export function valueName(dimension: Dimension, value: string | null): string {
  if (value === null) return say('not said');
  return constants.has(dimension) ? label(value) : value;
}

/** More are not drawn: the largest come first. */
const mostDrawn = 120;

/** Groups as what is drawn; their keys by the id of their node. Links within a group are said and not drawn. */
export function groupsOf(
  { assetMap }: AssetMapQuery,
  dimensions: readonly Dimension[],
): {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly keys: ReadonlyMap<string, readonly (string | null)[]>;
  readonly leftOut: number;
} {
  const groups = assetMap?.groups ?? [];
  const links = assetMap?.links ?? [];
  const within = new Map(links.map(({ from, to, count: number }) => [`${idOf(from)} ${idOf(to)}`, number]));
  const drawn = groups.slice(0, mostDrawn);
  const keys = new Map(drawn.map(({ key }) => [idOf(key), key.map((value) => value ?? null)]));
  const most = Math.max(1, ...links.map((link) => link.count));
  return {
    keys,
    leftOut: groups.length - drawn.length,
    nodes: drawn.map(({ key, count: number }) => {
      const inner = within.get(`${idOf(key)} ${idOf(key)}`);
      const assets = number === 1 ? say('1 asset') : say('{total} assets', { total: count(number) });
      return {
        id: idOf(key),
        name: dimensions.map((dimension, index) => valueName(dimension, key[index] ?? null)).join(' · '),
        about: inner ? say('{assets}, {inner} links within', { assets, inner: count(inner) }) : assets,
        ...criticalityOf(dimensions, key),
      };
    }),
    edges: links
      .filter(({ from, to }) => idOf(from) !== idOf(to) && keys.has(idOf(from)) && keys.has(idOf(to)))
      .map(({ from, to, count: number }) => ({
        from: idOf(from),
        to: idOf(to),
        text: count(number),
        confidence: 1,
        width: 1 + 4 * Math.sqrt(number / most),
      })),
  };
}

function criticalityOf(dimensions: readonly Dimension[], key: readonly (string | null)[]): { criticality?: string } {
  const value = key[dimensions.indexOf('criticality')];
  return value ? { criticality: value } : {};
}

function idOf(key: readonly (string | null)[]): string {
  return JSON.stringify(key);
}
