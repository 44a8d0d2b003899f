import {
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** A field that is asked for. `on` is the type condition that it stands under. */
export interface Selected {
  readonly coordinate: string;
  readonly key: string;
  readonly on: string | null;
  readonly children: readonly Selected[];
}

/** A place of a document that takes a value: an argument, as a variable. */
export interface ArgumentPlace {
  /** `Type.field.argument`. */
  readonly coordinate: string;
  readonly variable: string;
  readonly type: GraphQLInputType;
  /** Whether the field that the document is about has it; the others lead there. */
  readonly isTarget: boolean;
  readonly isRequired: boolean;
}

/** A document that asks for one field of the graph with all its arguments, by the shortest way there. */
export interface Template {
  /** The field that it is about, as `Type.field`. */
  readonly target: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly root: string;
  readonly document: string;
  readonly selection: readonly Selected[];
  readonly places: readonly ArgumentPlace[];
}

interface Step {
  readonly parent: string;
  readonly field: string;
  /** The type condition below it. */
  readonly on: string | null;
}

const structural = /(Connection|Edge|PageInfo|Payload)$/;

/** One template for every root field and every field with arguments or fields of its own, of all types that a client can reach. */
export function makeTemplates(schema: GraphQLSchema): Template[] {
  const templates: Template[] = [];
  const kinds = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  const done = new Set<string>();
  for (const [kind, root] of kinds) {
    if (!root) continue;
    for (const [typeName, path] of shortestWays(schema, root)) {
      const type = schema.getType(typeName) as GraphQLObjectType;
      for (const field of Object.values(type.getFields())) {
        const target = `${typeName}.${field.name}`;
        const isRoot = type === root;
        const isComposite = !isLeafType(getNamedType(field.type));
        if (done.has(target) || (!isRoot && !isComposite && field.args.length === 0)) continue;
        done.add(target);
        templates.push(makeTemplate(schema, kind, path, type, field));
      }
    }
  }
  return templates;
}

/** By which fields each object type is reached first. */
function shortestWays(schema: GraphQLSchema, root: GraphQLObjectType): Map<string, Step[]> {
  const ways = new Map<string, Step[]>([[root.name, []]]);
  // By a union or an interface only what nothing else leads to: an id of any kind leads to one type in ten.
  for (const isByAbstract of [false, true]) {
    const queue = [...ways.keys()];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const type = schema.getType(name) as GraphQLObjectType;
      for (const field of Object.values(type.getFields())) {
        const inner = getNamedType(field.type);
        const on = isByAbstract && isAbstractType(inner);
        const reached = on ? schema.getPossibleTypes(inner) : isObjectType(inner) ? [inner] : [];
        for (const object of reached) {
          if (ways.has(object.name)) continue;
          ways.set(object.name, [...ways.get(name)!, { parent: name, field: field.name, on: on ? object.name : null }]);
          queue.push(object.name);
        }
      }
    }
  }
  return ways;
}

function makeTemplate(
  schema: GraphQLSchema,
  kind: Template['kind'],
  path: readonly Step[],
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): Template {
  const places: ArgumentPlace[] = [];
  const target = withArguments(type.name, field, places, true);
  // Whatever has fields of its own has a template of its own, so one level is enough, and answers stay small.
  let selection: Selected[] = [selected(type.name, field.name, selectBelow(schema, getNamedType(field.type)))];
  let text = `${target}${printBelow(selection[0]!.children)}`;
  for (const step of [...path].reverse()) {
    const parent = schema.getType(step.parent) as GraphQLObjectType;
    const leading = withArguments(step.parent, parent.getFields()[step.field]!, places, false);
    const inner = step.on === null ? text : `... on ${step.on} { ${text} }`;
    const children = step.on === null ? selection : selection.map((child) => ({ ...child, on: step.on }));
    selection = [selected(step.parent, step.field, children)];
    text = `${leading} { __typename ${inner} }`;
  }
  const variables = places.map((place) => `$${place.variable}: ${variableType(place)}`);
  return {
    target: `${type.name}.${field.name}`,
    kind,
    root: path[0]?.field ?? field.name,
    document: `${kind}${variables.length > 0 ? ` (${variables.join(', ')})` : ''} { ${text} }`,
    selection,
    places,
  };
}

/** An optional argument's variable may be absent: then its default holds, whatever the argument's type says. */
function variableType({ type, isRequired }: ArgumentPlace): string {
  return !isRequired && isNonNullType(type) ? String(type.ofType) : String(type);
}

function withArguments(
  parent: string,
  field: GraphQLField<unknown, unknown>,
  places: ArgumentPlace[],
  isTarget: boolean,
): string {
  // On the way only what is needed, and what reports are grouped by, without which they have no groups; where the document leads, all.
  const given = field.args.filter((argument) => isTarget || isRequiredArgument(argument) || argument.name === 'by');
  const texts = given.map((argument) => {
    const variable = `v${places.length}`;
    places.push({
      coordinate: `${parent}.${field.name}.${argument.name}`,
      variable,
      type: argument.type,
      isTarget,
      isRequired: isRequiredArgument(argument),
    });
    return `${argument.name}: $${variable}`;
  });
  return texts.length > 0 ? `${field.name}(${texts.join(', ')})` : field.name;
}

function selected(parent: string, field: string, children: readonly Selected[]): Selected {
  return { coordinate: `${parent}.${field}`, key: field, on: null, children };
}

/** Everything of a type that is no object. A page, an edge or a payload is nothing without what it holds, so that comes along. */
export function selectBelow(schema: GraphQLSchema, type: GraphQLNamedType): Selected[] {
  if (isLeafType(type)) return [];
  if (isAbstractType(type)) {
    return schema.getPossibleTypes(type).flatMap((object) =>
      selectBelow(schema, object).map((child) => ({
        ...child,
        on: object.name,
        // Types of a union may have fields of one name and different types.
        key: child.key === 'id' ? 'id' : `${object.name}__${child.key}`,
      })),
    );
  }
  if (!isObjectType(type)) throw new Error(`${type.name} has no fields.`);
  const fields = Object.values(type.getFields());
  const isStructural = structural.test(type.name) || !fields.some((field) => isLeafType(getNamedType(field.type)));
  return fields.flatMap((field) => {
    const inner = getNamedType(field.type);
    if (field.args.some(isRequiredArgument)) return [];
    if (isLeafType(inner)) return [selected(type.name, field.name, [])];
    if (!isStructural) return [];
    // An edge's node is the page's node: its name is enough.
    const below = type.name.endsWith('Edge') ? [selected('', '__typename', [])] : selectBelow(schema, inner);
    return [selected(type.name, field.name, below)];
  });
}

export function printBelow(children: readonly Selected[]): string {
  if (children.length === 0) return '';
  const print = (child: Selected): string => {
    const name = child.coordinate.split('.')[1]!;
    const text = `${child.key === name ? name : `${child.key}: ${name}`}${printBelow(child.children)}`;
    return child.on === null ? text : `... on ${child.on} { ${text} }`;
  };
  return ` { __typename ${children
    .filter(({ key }) => key !== '__typename')
    .map(print)
    .join(' ')} }`;
}

/** Calls `visit` for every value of an answer with the field that it belongs to. */
export function walkAnswer(
  data: unknown,
  selection: readonly Selected[],
  visit: (coordinate: string, value: unknown, list: string | null) => void,
  hasCursor: (coordinate: string) => boolean = () => false,
  list: string | null = null,
): void {
  if (data === null || typeof data !== 'object') return;
  const object = data as Record<string, unknown>;
  for (const child of selection) {
    if (child.on !== null && object['__typename'] !== child.on) continue;
    if (child.coordinate === '.__typename') continue;
    const value = object[child.key];
    const within = hasCursor(child.coordinate) ? child.coordinate : list;
    for (const item of Array.isArray(value) ? value : [value]) {
      visit(child.coordinate, item, within);
      if (child.children.length > 0) walkAnswer(item, child.children, visit, hasCursor, within);
    }
  }
}

/** Every field in a selection. */
export function coordinatesOf(selection: readonly Selected[]): string[] {
  return selection
    .flatMap((child) => [child.coordinate, ...coordinatesOf(child.children)])
    .filter((name) => !name.endsWith('__typename'));
}

/** Everything of the graph that a run must have asked for or filled in: fields, arguments, input fields. */
export function everythingOf(schema: GraphQLSchema): string[] {
  const all: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        all.push(`${type.name}.${field.name}`);
        for (const argument of field.args) all.push(`${type.name}.${field.name}.${argument.name}`);
      }
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) all.push(`${type.name}.${field.name}`);
    }
  }
  return all;
}
