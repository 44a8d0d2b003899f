import type { FetchNodePathSegment, FetchRewrite, KeyRenamer, ValueSetter } from '@graphql-hive/router-query-planner';
import { isFields } from './mergeInto.js';
import type { TypeConditions } from './TypeConditions.js';

type Fields = Record<string, unknown>;

export type FetchRewrites = readonly FetchRewrite[] | null | undefined;

/** Changes what goes to a subgraph, or comes from it, in place. */
export type Rewrite = (value: unknown) => void;

/** Null: there is nothing to change. */
export function compileRewrites(rewrites: FetchRewrites, types: TypeConditions): Rewrite | null {
  if (!rewrites || rewrites.length === 0) return null;
  const compiled = rewrites.map((rewrite) => {
    if ('KeyRenamer' in rewrite) return renamer(rewrite.KeyRenamer, types);
    return setter('ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite, types);
  });
  return (value) => {
    for (const rewrite of compiled) rewrite(value);
  };
}

function renamer({ path, renameKeyTo }: KeyRenamer, types: TypeConditions): Rewrite {
  return along(path, types, (fields, key) => {
    if (!(key in fields)) return;
    fields[renameKeyTo] = fields[key];
    delete fields[key];
  });
}

function setter({ path, setValueTo }: ValueSetter, types: TypeConditions): Rewrite {
  return along(path, types, (fields, key) => {
    fields[key] = setValueTo;
  });
}

/** Calls `change` with each object that the path leads to, and the path's last key. */
function along(
  path: readonly FetchNodePathSegment[],
  types: TypeConditions,
  change: (fields: Fields, key: string) => void,
): Rewrite {
  const [segment, ...rest] = path;
  if (!segment) throw new Error('A rewrite of a plan leads nowhere.');
  const inside = rest.length > 0 ? along(rest, types, change) : null;
  if ('Key' in segment) {
    const { Key: key } = segment;
    return inEach((fields) => (inside ? inside(fields[key]) : change(fields, key)));
  }
  if (!inside) throw new Error('A rewrite of a plan ends at a type.');
  const meant = types.meantBy(segment.TypenameEquals);
  return inEach((fields) => {
    const { __typename: name } = fields;
    if (typeof name !== 'string' || meant.has(name)) inside(fields);
  });
}

function inEach(visit: (fields: Fields) => void): Rewrite {
  const rewrite: Rewrite = (value) => {
    if (Array.isArray(value)) for (const item of value) rewrite(item);
    else if (isFields(value)) visit(value);
  };
  return rewrite;
}
