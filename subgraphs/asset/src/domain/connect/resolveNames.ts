import { newUuid } from '@tributary/kernel';
import type { FoundDependency } from '@tributary/contracts/commands';
import type { KeyedAsset, Placeholder } from '../../storage/connectStatements.js';
import { isWeakKey, keyApart, natures } from '../inventory/sameThing.js';
import { joinTerms } from '../../storage/searchText.js';
import { nameKeyOf, termsOf } from '../searchTerms.js';
import type { Ends } from './Ends.js';

/** A found dependency with its names as they are compared. */
export interface NamedDependency {
  readonly found: FoundDependency;
  readonly fromKey: string;
  readonly toKey: string;
}

export function readNames(found: readonly FoundDependency[]): NamedDependency[] {
  return found.map((dependency) => ({
    found: dependency,
    fromKey: nameKeyOf(dependency.from),
    toKey: nameKeyOf(dependency.to),
  }));
}

/** Keys under which a row's asset may be, those of things that were kept apart from another of their name included. */
export function keysOf({ found }: NamedDependency): string[] {
  const keys = found.fromKeys ?? [];
  return [...keys, ...keys.filter(isWeakKey).flatMap((key) => natures.map((nature) => keyApart(key, nature)))];
}

/**
 * Which asset each dependency starts at, where its row is one: of several with one of its keys the one that the flow has just seen, then
 * the one of its name.
 */
export function startingAssets(
  named: readonly NamedDependency[],
  known: readonly KeyedAsset[],
  flowId: string,
): ReadonlyMap<NamedDependency, KeyedAsset> {
  const byKey = new Map(known.map((asset) => [asset.key, asset]));
  const starts = new Map<NamedDependency, KeyedAsset>();
  for (const dependency of named) {
    const assets = keysOf(dependency).flatMap((key) => byKey.get(key) ?? []);
    const seen = assets.filter((asset) => asset.flowId === flowId);
    const likely = seen.length > 0 ? seen : assets;
    const start = likely.find(({ nameKey }) => nameKey === dependency.fromKey) ?? likely[0];
    if (start !== undefined) starts.set(dependency, start);
  }
  return starts;
}

/** Names that have to be looked for: not those of rows that are known already. */
export function namesToFind(
  named: readonly NamedDependency[],
  starts: ReadonlyMap<NamedDependency, KeyedAsset>,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const dependency of named) {
    if (!starts.has(dependency)) names.add(dependency.fromKey);
    names.add(dependency.toKey);
  }
  return names;
}

/** Assets that have to be made for names that nothing has, in the order of their keys; the first that names one decides its kind. */
export function placeholdersFor(
  dependencies: readonly NamedDependency[],
  ends: Ends,
  starts: ReadonlyMap<NamedDependency, KeyedAsset>,
): Placeholder[] {
  const placeholders = new Map<string, Placeholder>();
  for (const dependency of dependencies) {
    const { found, fromKey, toKey } = dependency;
    if (found.createAs === null) continue;
    const named = [[toKey, found.to] as const];
    if (!starts.has(dependency)) named.unshift([fromKey, found.from]);
    for (const [key, name] of named) {
      if (key === '' || ends.isKnown(key) || placeholders.has(key)) continue;
      placeholders.set(key, placeholder(key, name.trim().slice(0, 255).toWellFormed(), found.createAs));
    }
  }
  return [...placeholders.values()].sort((one, other) => (one.sourceKey < other.sourceKey ? -1 : 1));
}

function placeholder(nameKey: string, name: string, kind: string): Placeholder {
  const nothingElse = { hostname: null, externalId: null, ipAddress: null, tags: [] };
  const searchText = joinTerms(termsOf({ name, ...nothingElse }));
  return { id: newUuid(), sourceKey: `name:${nameKey}`, kind, name, nameKey, searchText };
}
