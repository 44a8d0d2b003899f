import { createHash } from 'node:crypto';
import {
  GraphQLError,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLTypeResolver,
} from 'graphql';

export interface MirrorOptions {
  /** Types that joins find by their id. */
  readonly entities: ReadonlySet<string>;
  /** Of a hundred nullable values, so many are null. */
  readonly nulls?: number;
  /** Of a hundred values, so many fail. */
  readonly failures?: number;
}

/** An object of the mirror world. What is in it follows from its seed. */
interface MirrorObject {
  readonly __typename?: string;
  readonly seed?: string;
  readonly id?: string;
}

/**
 * Resolves every field of any schema to a value that follows from the object it is asked of, its name and its arguments,
 * and from nothing else: whoever answers, a subgraph or one schema over all of them, answers the same.
 */
export function mirrorResolver(options: MirrorOptions): GraphQLFieldResolver<unknown, unknown> {
  return (source, args: Record<string, unknown>, _context, info) => {
    const { fieldName, returnType } = info;
    if (fieldName === '_entities') return args['representations'];
    if (typeof source === 'object' && source !== null && Object.hasOwn(source, fieldName))
      return (source as Record<string, unknown>)[fieldName];
    const seed = digest(`${seedOf(source, info)}.${fieldName}(${stable(args)})`);
    if (options.failures !== undefined && numberIn(seed, 100, 'failure') < options.failures)
      throw new GraphQLError(`${fieldName} fails`, { extensions: { code: 'RESOURCE_CONFLICT' } });
    return valueOf(returnType, seed, info, options);
  };
}

export const mirrorTypeResolver: GraphQLTypeResolver<unknown, unknown> = (value) => (value as MirrorObject).__typename!;

function seedOf(source: unknown, { parentType }: GraphQLResolveInfo): string {
  if (typeof source !== 'object' || source === null) return parentType.name;
  const { seed, __typename = parentType.name, id } = source as MirrorObject;
  return seed ?? `${__typename}:${id ?? ''}`;
}

function valueOf(
  type: GraphQLOutputType,
  seed: string,
  info: GraphQLResolveInfo,
  options: MirrorOptions,
  mayBeNull = true,
): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType as GraphQLOutputType, seed, info, options, false);
  if (mayBeNull && numberIn(seed, 100, 'null') < (options.nulls ?? 0)) return null;
  if (isListType(type)) {
    const length = 1 + numberIn(seed, 2, 'length');
    return Array.from({ length }, (_, index) =>
      valueOf(type.ofType as never, digest(`${seed}[${index}]`), info, options),
    );
  }
  if (isEnumType(type)) {
    const values = type
      .getValues()
      .map(({ name }) => name)
      .sort();
    return values[numberIn(seed, values.length, 'enum')];
  }
  if (isScalarType(type)) return scalarOf(type.name, seed);
  const possible = isAbstractType(type)
    ? [...info.schema.getPossibleTypes(type)].map(({ name }) => name).sort()
    : [type.name];
  const __typename = possible[numberIn(seed, possible.length, 'type')]!;
  // An entity is whoever its id says, so that a join that takes another id comes to another object.
  return options.entities.has(__typename)
    ? { __typename, id: `${__typename}-${numberIn(seed, 50, 'id')}` }
    : { __typename, seed: digest(`${__typename} of ${seed}`) };
}

function scalarOf(name: string, seed: string): unknown {
  if (name === 'Int') return numberIn(seed, 1_000, 'int');
  if (name === 'Float') return numberIn(seed, 1_000, 'float') / 8;
  if (name === 'Boolean') return numberIn(seed, 2, 'boolean') === 1;
  if (name === 'DateTime') return new Date(numberIn(seed, 1_000_000, 'time') * 1_000).toISOString();
  if (name.startsWith('JSON')) return { id: seed, __typename: seed, _key0_id: seed };
  return seed;
}

function numberIn(seed: string, below: number, what: string): number {
  return parseInt(digest(`${what} ${seed}`).slice(0, 8), 16) % below;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** With an argument left out and one that is null being the same: routers may hand on either. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .filter(([, inner]) => inner !== null && inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${key}:${stable(inner)}`)
    .join()}}`;
}
