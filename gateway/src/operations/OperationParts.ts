import type { DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';

/** What an operation is made of, whoever sends it and whatever else is known of it. */
export interface OperationParts {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Its root fields, fragments opened. */
  readonly rootFields: readonly FieldNode[];
  /** Whether it asks about the schema and nothing else. */
  readonly isIntrospection: boolean;
}
