import { CodedError } from '@tributary/contracts/errors';
import {
  getNullableType,
  GraphQLError,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  isLeafType,
  type FieldNode,
  type GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type SelectionContext } from './collectFields.js';
import { isFields } from './mergeInto.js';
import { clientKeyOf } from './plannedKeys.js';

type Fields = Record<string, unknown>;

/** Where the projection stands, and what it could not answer on the way. */
export interface ProjectionRun {
  readonly path: (string | number)[];
  readonly nulls: GraphQLError[];
}

/** What an answer shows of a value. Undefined: a null where none may be, so that what is around it has to go, too. */
type Show = (value: unknown, run: ProjectionRun) => unknown;

interface ShownField {
  readonly plannedKey: string;
  readonly key: string;
  readonly show: Show;
}

/** Shows what the client asked for, in the order and under the names that it gave, of all that the plan has gathered. */
export class Projection {
  private readonly top: Show;

  constructor(
    private readonly schema: GraphQLSchema,
    root: GraphQLObjectType,
    selectionSet: SelectionSetNode,
    private readonly context: SelectionContext,
  ) {
    const fields = this.fieldsOf([selectionSet], root.name);
    this.top = (value, run) => shown(value as Fields, fields, run);
  }

  /** Null when a null had to go all the way up. */
  of(data: Fields, run: ProjectionRun): Fields | null {
    return (this.top(data, run) as Fields | undefined) ?? null;
  }

  private fieldsOf(selectionSets: readonly SelectionSetNode[], typeName: string): ShownField[] {
    const fields = collectFields(selectionSets, typeName, this.context);
    return [...fields].map(([plannedKey, nodes]) => {
      const key = clientKeyOf(plannedKey);
      return { plannedKey, key, show: this.showField(nodes, typeName) };
    });
  }

  private showField(nodes: readonly FieldNode[], typeName: string): Show {
    const name = nodes[0]!.name.value;
    if (name === '__typename') return () => typeName;
    const parent = this.schema.getType(typeName);
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    // A type or field that no client may see.
    if (!field) return () => null;
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return this.showType(field.type, selectionSets, `${typeName}.${name}`);
  }

  private showType(type: GraphQLOutputType, selectionSets: readonly SelectionSetNode[], coordinate: string): Show {
    const nullable = getNullableType(type);
    const show = isListType(nullable)
      ? listOf(this.showType(nullable.ofType, selectionSets, coordinate))
      : isEnumType(nullable)
        ? enumValue(nullable)
        : isLeafType(nullable)
          ? showLeaf
          : this.showObject(nullable.name, selectionSets);
    return isNonNullType(type) ? neverNull(show, coordinate) : orNull(show);
  }

  private showObject(declared: string, selectionSets: readonly SelectionSetNode[]): Show {
    const fieldsByType = new Map<string, readonly ShownField[] | null>();
    return (value, run) => {
      if (!isFields(value)) return null;
      const told = value['__typename'];
      const name = typeof told === 'string' ? told : declared;
      let fields = fieldsByType.get(name);
      if (fields === undefined) {
        fields = this.schema.getType(name) ? this.fieldsOf(selectionSets, name) : null;
        fieldsByType.set(name, fields);
      }
      return fields && shown(value, fields, run);
    };
  }
}

function shown(value: Fields, fields: readonly ShownField[], run: ProjectionRun): Fields | undefined {
  const object: Fields = {};
  for (const { plannedKey, key, show } of fields) {
    run.path.push(key);
    const inside = show(value[plannedKey], run);
    run.path.pop();
    if (inside === undefined) return undefined;
    if (key === '__proto__')
      Object.defineProperty(object, key, { value: inside, enumerable: true, configurable: true, writable: true });
    else object[key] = inside;
  }
  return object;
}

function listOf(showItem: Show): Show {
  return (value, run) => {
    if (!Array.isArray(value)) return null;
    const items = new Array<unknown>(value.length);
    for (let index = 0; index < value.length; index += 1) {
      run.path.push(index);
      const item = showItem(value[index], run);
      run.path.pop();
      if (item === undefined) return undefined;
      items[index] = item;
    }
    return items;
  };
}

function enumValue(type: GraphQLEnumType): Show {
  // A value that no client may see is null.
  const values = new Set<unknown>(type.getValues().map(({ name }) => name));
  return (value) => (values.has(value) ? value : null);
}

function showLeaf(value: unknown): unknown {
  return value === undefined ? null : value;
}

function orNull(show: Show): Show {
  return (value, run) => show(value, run) ?? null;
}

function neverNull(show: Show, coordinate: string): Show {
  return (value, run) => {
    const inside = show(value, run);
    if (inside !== null) return inside;
    const missing = new CodedError('RESOURCE_NOT_FOUND', 'What should stand here is not there, or not any more.', {
      field: coordinate,
    });
    run.nulls.push(new GraphQLError(missing.message, { path: [...run.path], originalError: missing }));
    return undefined;
  };
}
