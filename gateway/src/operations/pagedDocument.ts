import { CodedError } from '@tributary/contracts/errors';
import {
  Kind,
  OperationTypeNode,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { KnownOperation } from './KnownOperation.js';
import type { StreamField } from './streamFields.js';

/** An event of a page, with what tells whoever hands it on what it is. */
interface PagedEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly type: string;
  /** RFC 3339. */
  readonly occurredAt: string;
  /** What a subscriber gets as `data`. */
  readonly data: Record<string, unknown>;
}

/** A subscription to a stream as a query for a page of the same events, each in the shape of the subscription's own answers. */
export interface PagedDocument {
  readonly document: DocumentNode;
  /** The field of Subscription. */
  readonly stream: string;
  /** The variables that say where a page begins, and how many events it has. */
  readonly afterVariable: string;
  readonly firstVariable: string;
  /** The events of an answer's data, in order, with where it ends. Null where the page itself is missing. */
  read(data: Readonly<Record<string, unknown>> | null | undefined): {
    readonly events: readonly PagedEvent[];
    readonly endCursor: string;
    readonly hasNextPage: boolean;
  } | null;
  /** Below which event of the page an error's path leads, and where from there on in a subscriber's answer. */
  placeOf(
    path: readonly (string | number)[] | undefined,
  ): { readonly index: number; readonly path: (string | number)[] } | null;
}

/**
 * Writes a subscription anew as its page form. Throws INVALID_INPUT (reason NOT_A_STREAM) for what does not subscribe to one stream,
 * plainly, and for one that says itself where it begins.
 */
export function pagedDocument(
  { document, definition: operation, rootFields }: Pick<KnownOperation, 'document' | 'definition' | 'rootFields'>,
  streams: ReadonlyMap<string, StreamField>,
): PagedDocument {
  const [root, ...others] = rootFields;
  const stream = root && streams.get(root.name.value);
  const isPlain = root && others.length === 0 && operation.selectionSet.selections[0] === root;
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION || !isPlain || !root.selectionSet || !stream?.page)
    throw notAStream('The document must be a subscription whose one field is a stream.');
  if ((root.directives?.length ?? 0) > 0 || (operation.directives?.length ?? 0) > 0)
    throw notAStream('The subscription’s field must not depend on a directive.');
  const written = root.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (written && written.kind !== Kind.VARIABLE && written.kind !== Kind.NULL)
    throw notAStream('The document says itself where it begins. Leave `after` out.');
  const free = freeNames(document);
  const keys = {
    sequence: free('_sequence'),
    cursor: free('_cursor'),
    type: free('_type'),
    occurredAt: free('_occurredAt'),
  };
  const [afterVariable, firstVariable] = [free('_after'), free('_first')];
  const rootKey = root.alias?.value ?? root.name.value;
  const node: FieldNode = {
    ...field('node'),
    selectionSet: {
      ...root.selectionSet,
      selections: [...root.selectionSet.selections, ...Object.entries(keys).map(([name, alias]) => field(name, alias))],
    },
  };
  const page: FieldNode = {
    ...field(stream.page.name),
    arguments: [
      ...(root.arguments ?? []).filter(({ name }) => name.value !== 'after'),
      argument('after', afterVariable),
      argument('first', firstVariable),
    ],
    selectionSet: selection([
      { ...field('edges'), selectionSet: selection([node]) },
      { ...field('pageInfo'), selectionSet: selection([field('endCursor'), field('hasNextPage')]) },
    ]),
  };
  const changed: OperationDefinitionNode = {
    ...operation,
    operation: OperationTypeNode.QUERY,
    selectionSet: selection([page]),
  };
  return {
    document: withVariables(document, operation, changed, [
      variable(afterVariable, stream.afterType),
      variable(firstVariable, stream.page.firstType),
    ]),
    stream: stream.name,
    afterVariable,
    firstVariable,
    read(data) {
      const found = data?.[stream.page!.name] as PageOfEvents | null | undefined;
      if (!found) return null;
      return {
        events: found.edges.map(({ node: event }) => {
          const {
            [keys.sequence]: sequence,
            [keys.cursor]: cursor,
            [keys.type]: type,
            [keys.occurredAt]: occurredAt,
            ...asked
          } = event;
          return {
            sequence: Number(sequence),
            cursor: String(cursor),
            type: String(type),
            occurredAt: String(occurredAt),
            data: { [rootKey]: asked },
          };
        }),
        endCursor: found.pageInfo.endCursor,
        hasNextPage: found.pageInfo.hasNextPage,
      };
    },
    placeOf(path) {
      const [, edges, index, ofNode, ...below] = path ?? [];
      if (edges !== 'edges' || typeof index !== 'number' || ofNode !== 'node') return null;
      return { index, path: [rootKey, ...below] };
    },
  };
}

interface PageOfEvents {
  readonly edges: readonly { readonly node: Readonly<Record<string, unknown>> }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

function withVariables(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  changed: OperationDefinitionNode,
  added: readonly VariableDefinitionNode[],
): DocumentNode {
  const definitions = document.definitions
    .filter((definition) => definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION)
    .map((definition) => (definition === operation ? changed : definition));
  const used = new Set<string>();
  visit(
    { ...document, definitions },
    {
      VariableDefinition: () => false,
      Variable: ({ name }) => void used.add(name.value),
    },
  );
  const declared = [...(operation.variableDefinitions ?? []), ...added].filter((each) =>
    used.has(each.variable.name.value),
  );
  return {
    ...document,
    definitions: definitions.map((definition) =>
      definition === changed ? { ...changed, variableDefinitions: declared } : definition,
    ),
  };
}

/** Hands out names that the document has not. */
function freeNames(document: DocumentNode): (wanted: string) => string {
  const taken = new Set<string>();
  visit(document, { Name: ({ value }) => void taken.add(value) });
  return (wanted) => {
    let name = wanted;
    while (taken.has(name)) name += '_';
    taken.add(name);
    return name;
  };
}

function field(name: string, alias?: string): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(alias === undefined ? {} : { alias: { kind: Kind.NAME, value: alias } }),
  };
}

function selection(selections: readonly FieldNode[]) {
  return { kind: Kind.SELECTION_SET, selections } as const;
}

function argument(name: string, from: string): ArgumentNode {
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value: variableNamed(from) };
}

function variable(name: string, type: VariableDefinitionNode['type']): VariableDefinitionNode {
  return { kind: Kind.VARIABLE_DEFINITION, variable: variableNamed(name), type };
}

function variableNamed(name: string) {
  return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
}

function notAStream(message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'document', reason: 'NOT_A_STREAM' });
}
