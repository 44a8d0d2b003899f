import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Action } from '@tributary/contracts/actions';
import { checkAction } from './Allow.js';
import type { GraphqlContext } from './GraphqlContext.js';

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext, Record<string, unknown>>;
type Method = (this: unknown, ...parameters: unknown[]) => unknown;
type Instance = Readonly<Record<string, unknown>>;
type Parameter = (
  root: unknown,
  args: Record<string, unknown>,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
) => unknown;

type Storage = ReturnType<typeof getMetadataStorage>;
type FieldMetadata = Storage['fields'][number];
type HandlerMetadata = Storage['fieldResolvers'][number] | Storage['queries'][number];
type ParamMetadata = Storage['params'][number];

/** Resolvers by type and field, as `createResolversMap` makes them. */
export type ResolversByType = Record<string, Record<string, unknown>>;

/**
 * Puts plain functions in the place of type-graphql's resolvers where those would only look up a property or call a method: they sort the
 * parameters, copy the arguments and make a promise of them at every call. What converts something (an input class, a root that is no
 * instance of its class) or has a middleware stays type-graphql's own, and so does every subscription. The action is checked either way.
 */
export function takeDirectResolvers(
  resolvers: ResolversByType,
  orphanedTypes: readonly Function[],
  instanceOf: (target: Function) => unknown,
): void {
  const storage = getMetadataStorage();
  const replace = (typeName: string, fieldName: string, direct: (given: Resolver) => Resolver | null): void => {
    const given = resolvers[typeName]?.[fieldName];
    if (typeof given === 'function') resolvers[typeName]![fieldName] = direct(given as Resolver) ?? given;
  };
  for (const { name, target } of reachedTypes(storage, orphanedTypes, instanceOf)) {
    for (const field of fieldsOf(storage, target)) {
      const method = storage.fieldResolvers.find(
        (candidate) =>
          candidate.getObjectType?.() === field.target &&
          candidate.methodName === field.name &&
          (candidate.kind === 'internal' || instanceOf(candidate.target) !== undefined),
      );
      replace(name, field.schemaName, (given) => {
        if (!method) return looking(field);
        return calling(storage, method, given, method.kind === 'internal' ? null : instanceOf(method.target));
      });
    }
  }
  for (const [typeName, handlers] of [
    ['Query', storage.queries],
    ['Mutation', storage.mutations],
  ] as const)
    for (const handler of handlers) {
      const instance = instanceOf(handler.target);
      if (instance === undefined) continue;
      replace(typeName, handler.schemaName, (given) => calling(storage, handler, given, instance));
    }
}

/**
 * The object types that fields of these resolvers lead to. The storage is the process's, and holds the types of all subgraphs, of which
 * several have the same name.
 */
function reachedTypes(
  storage: Storage,
  orphanedTypes: readonly Function[],
  instanceOf: (target: Function) => unknown,
): Storage['objectTypes'] {
  const ours = storage.fieldResolvers.filter(
    ({ kind, target }) => kind === 'external' && instanceOf(target) !== undefined,
  );
  const waiting: unknown[] = [
    ...orphanedTypes,
    ...[...storage.queries, ...storage.mutations, ...storage.subscriptions]
      .filter(({ target }) => instanceOf(target) !== undefined)
      .map(({ getReturnType }) => getReturnType()),
    ...ours.map(({ getObjectType }) => getObjectType?.()),
  ];
  const reached = new Map<unknown, Storage['objectTypes'][number]>();
  for (let next = waiting.pop(); waiting.length > 0 || next !== undefined; next = waiting.pop()) {
    const type = storage.objectTypes.find(({ target }) => target === next);
    if (!type || reached.has(next)) continue;
    reached.set(next, type);
    for (const field of fieldsOf(storage, type.target)) waiting.push(field.getType());
  }
  return [...reached.values()];
}

/** Those of a class and of the classes that it extends; its own come last, and win. */
function fieldsOf(storage: Storage, target: Function): FieldMetadata[] {
  const above = Object.getPrototypeOf(target) as Function | null;
  const inherited = above && above !== Function.prototype ? fieldsOf(storage, above) : [];
  return [...inherited, ...(storage.objectTypes.find((type) => type.target === target)?.fields ?? [])];
}

function looking({ name, roles: needed, middlewares = [] }: FieldMetadata): Resolver | null {
  if (middlewares.length > 0) return null;
  const roles = needed as Action[] | undefined;
  if (!roles) return (root) => (root as Instance)[name];
  return (root, args, context, info) => {
    void checkAction({ root, args, context, info }, roles);
    return (root as Instance)[name];
  };
}

/** `instance`: whose method it is. Null: the root's own. */
function calling(storage: Storage, handler: HandlerMetadata, given: Resolver, instance: unknown): Resolver | null {
  const { middlewares = [], methodName } = handler;
  const roles = handler.roles as Action[] | undefined;
  const params = [...(handler.params ?? [])].sort((one, other) => one.index - other.index);
  const takes = params.map((param) => parameterOf(storage, param));
  if (middlewares.length > 0 || takes.some((take) => take === null)) return null;
  const rootClasses = params.flatMap((param) => (param.kind === 'root' && param.getType ? [param.getType()] : []));
  if (instance === null) rootClasses.push((handler as Storage['fieldResolvers'][number]).getObjectType!());
  if (!rootClasses.every(isClass)) return null;
  return (root, args, context, info) => {
    for (const rootClass of rootClasses) if (!(root instanceof rootClass)) return given(root, args, context, info);
    if (roles) void checkAction({ root, args, context, info }, roles);
    const owner = (instance ?? root) as Instance;
    const method = owner[methodName];
    if (typeof method !== 'function') return method;
    return (method as Method).apply(
      owner,
      takes.map((take) => take!(root, args, context, info)),
    );
  };
}

function isClass(type: unknown): type is Function {
  return typeof type === 'function';
}

/** Null: type-graphql makes something else of it than what it is. */
function parameterOf(storage: Storage, param: ParamMetadata): Parameter | null {
  switch (param.kind) {
    case 'root':
      return param.propertyName === undefined ? (root) => root : null;
    case 'context':
      return param.propertyName === undefined ? (_, __, context) => context : null;
    case 'info':
      return (_, __, ___, info) => info;
    case 'arg': {
      const { name } = param;
      const type = param.getType();
      const isInput = storage.inputTypes.some(({ target }) => target === type);
      return isInput || param.validateFn !== undefined ? null : (_, args) => args[name];
    }
    default:
      return null;
  }
}
