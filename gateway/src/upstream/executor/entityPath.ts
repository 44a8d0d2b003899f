import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import { isFields } from './mergeInto.js';
import type { TypeConditions } from './TypeConditions.js';

type Fields = Record<string, unknown>;

/** Where something stands in an answer; null: at its top. */
export interface Place {
  readonly above: Place | null;
  readonly step: string | number;
}

/** Calls `found` for each object that a path of the plan leads to, in the order of the answer. */
export type EntityPath = (data: unknown, found: (entity: Fields, place: Place | null) => void) => void;

type Walk = (value: unknown, place: Place | null, found: Parameters<EntityPath>[1]) => void;

export function compileEntityPath(path: readonly FlattenNodePathSegment[], types: TypeConditions): EntityPath {
  const walk = path.reduceRight<Walk>((next, segment) => walkOver(segment, next, types), atTheEnd);
  return (data, found) => walk(data, null, found);
}

export function pathOf(place: Place | null): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = place; at; at = at.above) path.unshift(at.step);
  return path;
}

/** The names on a path of the plan, for errors that say nothing of where they belong. */
export function namesOn(path: readonly FlattenNodePathSegment[]): string[] {
  return path.flatMap((segment) => (typeof segment === 'object' && 'Field' in segment ? [segment.Field] : []));
}

function walkOver(segment: FlattenNodePathSegment, next: Walk, types: TypeConditions): Walk {
  if (segment === '@')
    return (value, place, found) => {
      if (Array.isArray(value)) value.forEach((item, step) => next(item, { above: place, step }, found));
    };
  if ('Field' in segment) {
    const { Field: name } = segment;
    return inEach((value, place, found) => next(value[name], { above: place, step: name }, found));
  }
  const meant = types.meantBy(segment.TypeCondition);
  return inEach((value, place, found) => {
    const { __typename: name } = value;
    // What says no type is of one of those that the plan expects there.
    if (typeof name !== 'string' || meant.has(name)) next(value, place, found);
  });
}

function inEach(visit: (value: Fields, place: Place | null, found: Parameters<EntityPath>[1]) => void): Walk {
  const walk: Walk = (value, place, found) => {
    if (isFields(value)) visit(value, place, found);
    else if (Array.isArray(value)) value.forEach((item, step) => walk(item, { above: place, step }, found));
  };
  return walk;
}

function atTheEnd(value: unknown, place: Place | null, found: Parameters<EntityPath>[1]): void {
  if (Array.isArray(value)) value.forEach((item, step) => atTheEnd(item, { above: place, step }, found));
  else if (isFields(value)) found(value, place);
}
