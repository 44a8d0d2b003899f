import type { PlanNode, SubscriptionNode } from '@graphql-hive/router-query-planner';
import type { OperationTypeNode } from 'graphql';
import { compileBatchFetch, compileFlatten } from './compileEntityFetch.js';
import { compileRootFetch, type RootFetch } from './compileRootFetch.js';
import type { PlanRun, Step } from './PlanRun.js';
import type { TypeConditions } from './TypeConditions.js';

/** The plan of a query or mutation. */
export function compilePlan(node: PlanNode, operationType: OperationTypeNode, types: TypeConditions): Step {
  const compile = (each: PlanNode): Step => compilePlan(each, operationType, types);
  switch (node.kind) {
    case 'Fetch':
      return compileRootFetch(node, operationType, types).step;
    case 'BatchFetch':
      return compileBatchFetch(node, operationType, types);
    case 'Flatten': {
      const { node: inner, path } = node;
      if (inner.kind !== 'Fetch') throw new Error(`A plan flattens a ${inner.kind}.`);
      return compileFlatten(inner, path, operationType, types);
    }
    case 'Sequence':
      return inSequence(node.nodes.map(compile));
    case 'Parallel':
      return inParallel(node.nodes.map(compile));
    case 'Condition': {
      const then = node.ifClause ? compile(node.ifClause) : nothing;
      const otherwise = node.elseClause ? compile(node.elseClause) : nothing;
      return (run) => (run.variables[node.condition] === true ? then(run) : otherwise(run));
    }
    case 'Subscription':
      throw new Error('A plan subscribes within an operation that is no subscription.');
    case 'Defer':
      throw new Error('A plan defers a part: @defer is not in the schema.');
  }
}

/** The plan of a subscription: its stream, and what is added to each event. */
export interface SubscriptionPlan {
  readonly source: RootFetch;
  readonly joins: Step;
}

/** Null: nothing is subscribed to, because a condition excludes it. */
export type CompiledSubscription = (variables: PlanRun['variables']) => SubscriptionPlan | null;

export function compileSubscription(
  node: PlanNode,
  operationType: OperationTypeNode,
  types: TypeConditions,
): CompiledSubscription {
  const stream = (subscription: SubscriptionNode, joins: Step): CompiledSubscription => {
    const plan = { source: compileRootFetch(subscription.primary, operationType, types), joins };
    return () => plan;
  };
  if (node.kind === 'Subscription') return stream(node, nothing);
  if (node.kind === 'Sequence') {
    const [first, ...rest] = node.nodes;
    if (first?.kind !== 'Subscription') throw new Error('The plan of a subscription does not begin with one.');
    return stream(first, inSequence(rest.map((each) => compilePlan(each, operationType, types))));
  }
  if (node.kind !== 'Condition') throw new Error(`The plan of a subscription is a ${node.kind}.`);
  const [then, otherwise] = [node.ifClause, node.elseClause].map((clause) =>
    clause ? compileSubscription(clause, operationType, types) : null,
  );
  return (variables) => (variables[node.condition] === true ? then : otherwise)?.(variables) ?? null;
}

const nothing: Step = () => undefined;

function inSequence(steps: readonly Step[]): Step {
  if (steps.length === 1) return steps[0]!;
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    await Promise.all(steps.map(async (step) => step(run)));
  };
}
