import { ConfigError } from '@tributary/kernel';
import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  type TypeNode,
} from 'graphql';

/** How long a list or a page may be; see `@listSize` of the cost directives' specification. */
export interface ListSize {
  /** Items when no argument says how many; null: it is not said. */
  readonly assumed: number | null;
  /** Arguments that say how many. */
  readonly slicingArguments: readonly string[];
  /** Fields of the page that hold its items; empty: the field itself is the list. */
  readonly sizedFields: readonly string[];
}

/** What the supergraph says about its fields and types, in directives. Fields are named as `Type.field`, arguments as `Type.field(argument:)`. */
export interface GraphDirectives {
  /** Mutations for which the larger body and the longer time of ingestion are meant. */
  readonly ingest: ReadonlySet<string>;
  /** Types whose content depends on the person that asks. */
  readonly perViewer: ReadonlySet<string>;
  /** How many items a list may have that is sent to this argument or input field. */
  readonly maxItems: ReadonlyMap<string, number>;
  readonly listSizes: ReadonlyMap<string, ListSize>;
  /** Lists inside a page, which are as long as its field says. */
  readonly sizedFields: ReadonlySet<string>;
  /** What a field or a type costs, where that is not 1 for an object and 0 for everything else. */
  readonly weights: ReadonlyMap<string, number>;
}

/** What this gateway relies on, where the supergraph has it at all. Without its directive it would be served under weaker rules. */
const required: readonly (readonly [coordinate: string, directive: string])[] = [
  ['Mutation.ingestTraces', 'ingest'],
  ['Viewer', 'perViewer'],
  ['IngestTracesInput.traces', 'maxItems'],
  ['ApproveFieldMappingsInput.mappings', 'maxItems'],
];

/** Throws a ConfigError when something has lost the directive that it must have. */
export function readGraphDirectives(supergraph: DocumentNode): GraphDirectives {
  const ingest = new Set<string>();
  const perViewer = new Set<string>();
  const maxItems = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const sizedFields = new Set<string>();
  const weights = new Map<string, number>();
  const lost = new Map(required);

  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      const name = directive.name.value;
      const args = argumentsOf(directive);
      if (name === 'ingest') ingest.add(coordinate);
      else if (name === 'perViewer') perViewer.add(coordinate);
      else if (name === 'maxItems') maxItems.set(coordinate, args['count'] as number);
      else if (name === 'cost') weights.set(coordinate, Number(args['weight']));
      else if (name === 'listSize') listSizes.set(coordinate, sizeOf(args));
      if (lost.get(coordinate) === name) lost.delete(coordinate);
    }
  };
  const seen = new Set<string>();
  const enter = (coordinate: string, directives?: readonly ConstDirectiveNode[]): void => {
    seen.add(coordinate);
    read(coordinate, directives);
  };

  for (const definition of supergraph.definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const type = definition.name.value;
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      enter(type, definition.directives);
      for (const field of definition.fields ?? []) {
        const coordinate = `${type}.${field.name.value}`;
        enter(coordinate, field.directives);
        for (const sized of listSizes.get(coordinate)?.sizedFields ?? [])
          sizedFields.add(`${namedTypeOf(field.type)}.${sized}`);
        for (const argument of field.arguments ?? []) enter(argumentAt(coordinate, argument), argument.directives);
      }
    } else if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      for (const field of definition.fields ?? []) enter(`${type}.${field.name.value}`, field.directives);
    }
  }
  for (const [coordinate, directive] of lost) {
    if (seen.has(coordinate))
      throw new ConfigError(
        `The supergraph has ${coordinate} without @${directive}, by which its rules are known. Declare it in the subgraph, and compose again.`,
      );
  }
  return { ingest, perViewer, maxItems, listSizes, sizedFields, weights };
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

function argumentAt(field: string, { name }: InputValueDefinitionNode): string {
  return `${field}(${name.value}:)`;
}

function argumentsOf({ arguments: given }: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries((given ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}

function sizeOf(args: Record<string, unknown>): ListSize {
  return {
    assumed: typeof args['assumedSize'] === 'number' ? args['assumedSize'] : null,
    slicingArguments: (args['slicingArguments'] as readonly string[] | undefined) ?? [],
    sizedFields: (args['sizedFields'] as readonly string[] | undefined) ?? [],
  };
}
