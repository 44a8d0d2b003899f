import { newUuid } from '@tributary/kernel';
import type { FoundDependency } from '@tributary/contracts/commands';
import type { Placeholder } from '../../storage/connectStatements.js';
import { joinTerms } from '../../storage/searchText.js';
import { nameKeyOf, termsOf } from '../searchTerms.js';

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

/** Which asset each dependency starts at, where its row is one: by its key, and of two assets with one of its keys the one of its name. */
export function startingAssets(
  named: readonly NamedDependency[],
  known: readonly { readonly key: string; readonly nameKey: string; readonly id: string }[],
): ReadonlyMap<NamedDependency, string> {
  const byKey = new Map(known.map((asset) => [asset.key, asset]));
  const starts = new Map<NamedDependency, string>();
  for (const dependency of named) {
    const assets = (dependency.found.fromKeys ?? []).flatMap((key) => byKey.get(key) ?? []);
    const start = assets.find(({ nameKey }) => nameKey === dependency.fromKey) ?? assets[0];
    if (start !== undefined) starts.set(dependency, start.id);
  }
  return starts;
}

/** Names that have to be looked for: not those of rows that are known already. */
export function namesToFind(
  named: readonly NamedDependency[],
  starts: ReadonlyMap<NamedDependency, string>,
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
  known: ReadonlyMap<string, string>,
  starts: ReadonlyMap<NamedDependency, string>,
): Placeholder[] {
  const placeholders = new Map<string, Placeholder>();
  for (const dependency of dependencies) {
    const { found, fromKey, toKey } = dependency;
    if (found.createAs === null) continue;
    const ends = [[toKey, found.to] as const];
    if (!starts.has(dependency)) ends.unshift([fromKey, found.from]);
    for (const [key, name] of ends) {
      if (key === '' || known.has(key) || placeholders.has(key)) continue;
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
