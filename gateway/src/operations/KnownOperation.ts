import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { variableLimits } from './checkListLengths.js';
import { costFunction } from './costFunction.js';
import type { GraphFacts } from './GraphFacts.js';
import type { OperationCost } from './operationCost.js';
import type { OperationParts } from './OperationParts.js';
import { resumableDocument, type ResumableDocument } from './resumableDocument.js';
import { isIntrospection, isSchemaField, rootFieldsOf } from './rootFields.js';
import { streamOperation, type StreamOperation } from './streamOperation.js';

/** What is known of an operation whoever sends it: found once, when it is first needed, and kept with its document. */
export class KnownOperation implements OperationParts {
  readonly kind: OperationTypeNode;
  /** Name of the type that its root fields belong to. */
  readonly rootType: string | undefined;
  /** Its root fields, fragments opened. */
  readonly rootFields: readonly FieldNode[];
  /** Whether it asks about the schema, perhaps beside other things. */
  readonly asksSchema: boolean;
  /** Whether it asks about the schema and nothing else. */
  readonly isIntrospection: boolean;
  private costs: ((variables: Readonly<Record<string, unknown>>) => OperationCost) | null = null;
  private lists: ReadonlyMap<string, number> | null = null;
  private stream: { readonly of: StreamOperation | null } | null = null;
  private readonly fetches = new Map<DocumentNode, ResumableDocument | null>();

  constructor(
    readonly document: DocumentNode,
    readonly definition: OperationDefinitionNode,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly graph: GraphFacts,
  ) {
    this.kind = definition.operation;
    this.rootType = graph.schema.getRootType(definition.operation)?.name;
    this.rootFields = rootFieldsOf(definition, fragments);
    this.asksSchema = this.rootFields.some(isSchemaField);
    this.isIntrospection = isIntrospection(this.rootFields);
  }

  /** What it may cost at most with these variables. Questions about the schema cost nothing. */
  cost(variables: Readonly<Record<string, unknown>>): OperationCost {
    this.costs ??= costFunction(this, this.graph);
    return this.costs(variables);
  }

  /** How many items a list may have that is sent as a variable, by its name, where its place says so. */
  get listLimits(): ReadonlyMap<string, number> {
    this.lists ??= variableLimits(this, this.graph);
    return this.lists;
  }

  /** Where it begins and whether its watchers may share it; null when it subscribes to no stream. */
  get streamed(): StreamOperation | null {
    this.stream ??= { of: streamOperation(this, this.graph) };
    return this.stream.of;
  }

  /** What a plan for it fetches from a subgraph, in the forms that outlive a loss; null for a fetch that subscribes to no stream. */
  resumable(fetch: DocumentNode): ResumableDocument | null {
    let found = this.fetches.get(fetch);
    if (found === undefined) this.fetches.set(fetch, (found = resumableDocument(fetch, this.graph.streams)));
    return found;
  }
}
