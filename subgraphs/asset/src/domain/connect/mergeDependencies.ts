import type { DependencyToWrite, KeyedAsset } from '../../storage/connectStatements.js';
import type { Ends } from './Ends.js';
import type { NamedDependency } from './resolveNames.js';

export interface MergedDependencies {
  /** Each once, in the order of their key. */
  readonly dependencies: readonly DependencyToWrite[];
  /** Left out, because a side is not known, or several assets have its name. */
  readonly unresolved: number;
}

/** Turns names into assets: several names of one asset and repeated lines fall together, and nothing depends on itself. */
export function mergeDependencies(
  named: readonly NamedDependency[],
  ends: Ends,
  starts: ReadonlyMap<NamedDependency, KeyedAsset>,
): MergedDependencies {
  const merged = new Map<string, DependencyToWrite>();
  let unresolved = 0;
  for (const dependency of named) {
    const { found, fromKey, toKey } = dependency;
    const start = starts.get(dependency);
    const scope = start?.scope ?? null;
    const fromId = start?.id ?? ends.of(fromKey, null);
    const toId = ends.of(toKey, scope);
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
