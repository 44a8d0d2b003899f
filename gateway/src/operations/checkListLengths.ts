import { CodedError } from '@tributary/contracts/errors';
import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  typeFromAST,
  type GraphQLInputType,
} from 'graphql';
import type { OperationLimits } from '../settings.js';
import { fieldOf } from './fieldOf.js';
import type { GraphFacts } from './GraphFacts.js';
import type { OperationParts } from './OperationParts.js';
import { visitValues } from './visitValues.js';

type ListLimits = Pick<OperationLimits, 'listItems'>;
type InputFacts = Pick<GraphFacts, 'schema' | 'maxItems'>;

/** Throws INVALID_INPUT for a list that is longer than its place takes; `max`: what the place says of itself. */
export function checkListLength(
  length: number,
  max: number | null,
  { listItems }: ListLimits,
  path: readonly string[],
): void {
  const most = max ?? listItems;
  if (length <= most) return;
  throw new CodedError('INVALID_INPUT', `A list may have ${most} items here at most. Send several smaller ones.`, {
    limit: 'listItems',
    field: fieldOf(path),
    most,
  });
}

/** An operation of which `variableLimits` is known. */
interface ListLimited {
  readonly listLimits: ReadonlyMap<string, number>;
}

/**
 * Refuses variables that hold longer lists than the field or argument takes that they are sent to, whether as the list
 * itself or inside an input. Throws INVALID_INPUT that names the place.
 */
export function checkListLengths(
  operation: OperationParts & ListLimited,
  variables: Readonly<Record<string, unknown>>,
  limits: ListLimits,
  graph: InputFacts,
): void {
  const types = new Map(
    operation.definition.variableDefinitions?.map(({ variable, type }) => [
      variable.name.value,
      typeFromAST(graph.schema, type) as GraphQLInputType | undefined,
    ]),
  );
  const check = (value: unknown, type: GraphQLInputType | undefined, max: number | null, path: string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    const nullable = type && getNullableType(type);
    if (Array.isArray(value)) {
      checkListLength(value.length, max, limits, path);
      const item = isListType(nullable) ? nullable.ofType : nullable;
      for (const [index, each] of value.entries()) check(each, item, max, [...path, String(index)]);
      return;
    }
    const input = nullable && getNamedType(nullable);
    const fields = isInputObjectType(input) ? input.getFields() : {};
    for (const [name, inner] of Object.entries(value)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const own = field ? (graph.maxItems.get(`${input!.name}.${name}`) ?? null) : null;
      check(inner, field?.type, own, [...path, name]);
    }
  };
  for (const [name, value] of Object.entries(variables))
    check(value, types.get(name), operation.listLimits.get(name) ?? null, [name]);
}

/** By variable, where a place that it is sent to says how long a list may be: the least of those. */
export function variableLimits(
  { definition, fragments }: Pick<OperationParts, 'definition' | 'fragments'>,
  graph: InputFacts,
): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const node of [definition, ...fragments.values()]) {
    visitValues(node, graph, (place) => ({
      VariableDefinition: () => false,
      Variable: ({ name }) => {
        if (place.max !== null) limits.set(name.value, Math.min(place.max, limits.get(name.value) ?? Infinity));
      },
    }));
  }
  return limits;
}
