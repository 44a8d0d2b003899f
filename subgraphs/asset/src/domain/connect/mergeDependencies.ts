import type { DependencyToWrite } from '../../storage/connectStatements.js';
import type { NamedDependency } from './resolveNames.js';

export interface MergedDependencies {
  /** Each once, in the order of their key. */
  readonly dependencies: readonly DependencyToWrite[];
  /** Left out, because a side is not known. */
  readonly unresolved: number;
}

/** Turns names into assets: several names of one asset and repeated lines fall together, and nothing depends on itself. */
export function mergeDependencies(
  named: readonly NamedDependency[],
  ids: ReadonlyMap<string, string>,
  starts: ReadonlyMap<NamedDependency, string>,
): MergedDependencies {
  const merged = new Map<string, DependencyToWrite>();
  let unresolved = 0;
  for (const dependency of named) {
    const { found, fromKey, toKey } = dependency;
    const fromId = starts.get(dependency) ?? ids.get(fromKey);
    const toId = ids.get(toKey);
    if (fromId === undefined || toId === undefined) {
      unresolved += 1;
      continue;
    }
    if (fromId === toId) continue;
    const key = `${fromId} ${toId} ${found.kind}`;
    const confidence = Math.max(found.confidence, merged.get(key)?.confidence ?? 0);
    merged.set(key, { fromId, toId, kind: found.kind, relation: found.relation, confidence });
  }
  const dependencies = [...merged.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
  return { dependencies, unresolved };
}
