import type { RequiresSelection } from '@graphql-hive/router-query-planner';
import { isFields, mergeInto } from './mergeInto.js';
import { compileRewrites, type FetchRewrites } from './rewrites.js';
import type { TypeConditions } from './TypeConditions.js';

type Fields = Record<string, unknown>;

/** What a subgraph is asked by about an entity: its type and keys, and what its fields require. Null: the entity lacks them. */
export type Representation = (entity: Fields) => Fields | null;

type Fill = (entity: Fields, into: Fields) => void;

export function compileRepresentation(
  requires: readonly RequiresSelection[],
  rewrites: FetchRewrites,
  types: TypeConditions,
): Representation {
  const fill = compileSelections(requires, types);
  const rewrite = compileRewrites(rewrites, types);
  return (entity) => {
    const representation = filled(fill, entity);
    if (!representation) return null;
    representation['__typename'] ??= entity['__typename'];
    rewrite?.(representation);
    return representation;
  };
}

/** Equal for representations that say the same. */
export function identityOf(representation: Fields): string {
  return JSON.stringify(representation);
}

function compileSelections(selections: readonly RequiresSelection[], types: TypeConditions): Fill {
  const fills = selections.map((selection) => compileSelection(selection, types));
  if (fills.length === 1) return fills[0]!;
  return (entity, into) => {
    for (const fill of fills) fill(entity, into);
  };
}

function compileSelection(selection: RequiresSelection, types: TypeConditions): Fill {
  if (selection.kind === 'FragmentSpread') throw new Error('A plan requires a fragment that it does not open.');
  if (selection.kind === 'InlineFragment') {
    const meant = types.meantBy([selection.typeCondition]);
    const fill = compileSelections(selection.selections, types);
    return (entity, into) => {
      if (meant.has(entity['__typename'] as string)) fill(entity, into);
    };
  }
  // `name` is the key that the plan has given to it, `alias` what the subgraph calls it.
  const { name, alias = name } = selection;
  const inside = selection.selections ? compileSelections(selection.selections, types) : null;
  return (entity, into) => {
    const value = entity[name] === undefined ? entity[alias] : entity[name];
    const told = inside ? insideOf(value, inside) : value;
    if (told === undefined || told === null) return;
    const known = into[alias];
    if (isFields(known) && isFields(told)) mergeInto(known, told);
    else into[alias] = told;
  };
}

function insideOf(value: unknown, fill: Fill): unknown {
  if (Array.isArray(value)) return value.map((item) => insideOf(item, fill));
  return isFields(value) ? filled(fill, value) : value;
}

/** Null when nothing is known beside the type. */
function filled(fill: Fill, entity: Fields): Fields | null {
  const into: Fields = {};
  fill(entity, into);
  for (const key in into) if (key !== '__typename') return into;
  return null;
}
