import { Kind, visit, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GraphFacts } from './GraphFacts.js';
import type { OperationParts } from './OperationParts.js';
import { operationCost, type OperationCost } from './operationCost.js';

/** Costs that are kept of one operation: pages come in few sizes. */
const maxKept = 16;

/**
 * What an operation costs, by its variables. Counted once for each choice of those that matter: the ones that say how long
 * a page is, or whether something is asked for at all.
 */
export function costFunction(
  operation: OperationParts,
  graph: GraphFacts,
): (variables: Readonly<Record<string, unknown>>) => OperationCost {
  if (operation.isIntrospection) return () => ({ cost: 0, mostExpensive: '' });
  const names = variablesThatMatter(operation, graph);
  const known = new LRUCache<string, OperationCost>({ max: maxKept });
  return (variables) => {
    const key = names.map((name) => keyOf(variables[name])).join(' ');
    let cost = known.get(key);
    if (!cost) {
      cost = operationCost({ graph, fragments: operation.fragments, operation: operation.definition, variables });
      known.set(key, cost);
    }
    return cost;
  };
}

/** What is neither a number nor a boolean counts the same, whatever it is, as long as it was sent. */
function keyOf(value: unknown): string {
  if (value === undefined) return '-';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '?';
}

function variablesThatMatter({ definition, fragments }: OperationParts, { listSizes }: GraphFacts): string[] {
  const slicing = new Set(['if', ...[...listSizes.values()].flatMap((size) => size.slicingArguments)]);
  const names = new Set<string>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): unknown =>
    visit(node, {
      VariableDefinition: () => false,
      Argument: ({ name, value }) => {
        if (slicing.has(name.value) && value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  collect(definition);
  for (const fragment of fragments.values()) collect(fragment);
  return [...names];
}
