import type { BatchFetchNode, FetchNode } from '@graphql-hive/router-query-planner';
import type { OperationTypeNode } from 'graphql';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import type { PlannedCall, PlanRun } from './PlanRun.js';

/** The call of a fetch, parsed once for all its runs. */
export function plannedCall(node: FetchNode | BatchFetchNode, operationType: OperationTypeNode): PlannedCall {
  return {
    subgraph: node.serviceName,
    document: parse(node.operation, { noLocation: true }),
    operationName: node.operationName,
    operationType: node.operationKind ?? operationType,
  };
}

/** The first key of its answer: where an error belongs that does not say. */
export function firstKeyOf({ document }: PlannedCall): string[] {
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  for (const selection of operation?.selectionSet.selections ?? [])
    if (selection.kind === Kind.FIELD) return [selection.alias?.value ?? selection.name.value];
  return [];
}

/** What the call uses of the operation's variables; undefined: nothing. */
export function usedVariables(
  { variables }: PlanRun,
  usages: readonly string[] | undefined,
): Record<string, unknown> | undefined {
  if (!usages || usages.length === 0) return undefined;
  const used: Record<string, unknown> = {};
  for (const name of usages) if (Object.hasOwn(variables, name)) used[name] = variables[name];
  return used;
}
