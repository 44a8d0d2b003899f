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

/** Assets that have to be made for names that nothing has, in the order of their keys; the first that names one decides its kind. */
export function placeholdersFor(
  dependencies: readonly NamedDependency[],
  known: ReadonlyMap<string, string>,
): Placeholder[] {
  const placeholders = new Map<string, Placeholder>();
  for (const { found, fromKey, toKey } of dependencies) {
    if (found.createAs === null) continue;
    for (const [key, name] of [
      [fromKey, found.from],
      [toKey, found.to],
    ] as const) {
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
