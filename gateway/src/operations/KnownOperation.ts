import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { costFunction } from './costFunction.js';
import type { GraphFacts } from './GraphFacts.js';
import type { OperationCost } from './operationCost.js';
import { isIntrospection, isSchemaField, rootFieldsOf } from './rootFields.js';
import { streamOperation, type StreamOperation } from './streamOperation.js';

/** What is known of an operation whoever sends it: found once, when it is first needed, and kept with its document. */
export class KnownOperation {
  readonly kind: OperationTypeNode;
  /** Its root fields, fragments opened. */
  readonly rootFields: readonly FieldNode[];
  /** Whether it asks about the schema, perhaps beside other things. */
  readonly asksSchema: boolean;
  /** Whether it asks about the schema and nothing else. */
  readonly isIntrospection: boolean;
  private costs: ((variables: Readonly<Record<string, unknown>>) => OperationCost) | null = null;
  private stream: { readonly of: StreamOperation | null } | null = null;

  constructor(
    readonly document: DocumentNode,
    readonly definition: OperationDefinitionNode,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly graph: GraphFacts,
  ) {
    this.kind = definition.operation;
    this.rootFields = rootFieldsOf(definition, fragments);
    this.asksSchema = this.rootFields.some(isSchemaField);
    this.isIntrospection = isIntrospection(this.rootFields);
  }

  /** What it may cost at most with these variables. Questions about the schema cost nothing. */
  cost(variables: Readonly<Record<string, unknown>>): OperationCost {
    this.costs ??= costFunction(this, this.graph.schema);
    return this.costs(variables);
  }

  /** Where it begins and whether its watchers may share it; null when it subscribes to no stream. */
  get streamed(): StreamOperation | null {
    this.stream ??= { of: streamOperation(this, this.graph) };
    return this.stream.of;
  }
}
