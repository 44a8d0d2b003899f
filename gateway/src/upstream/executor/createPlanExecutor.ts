import { QueryPlanner } from '@graphql-hive/router-query-planner';
import { getOperationAST, print, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { fragmentsOf } from '../../operations/fragmentsOf.js';
import { rootFieldsOf } from '../../operations/rootFields.js';
import { CompiledOperation } from './CompiledOperation.js';
import { withPlannedKeys } from './plannedKeys.js';
import { PlannedEvents } from './PlannedEvents.js';
import type { CallAnswer, PlannedCall, PlanRun } from './PlanRun.js';
import { TypeConditions } from './TypeConditions.js';
import { withoutExcluded } from './withoutExcluded.js';

/** An operation as the engine hands it over: valid, with variables as they came. */
export interface ExecutedRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

export type CallPlanned = (
  call: PlannedCall,
  variables: Record<string, unknown> | undefined,
) => Promise<CallAnswer> | CallAnswer;

export type PlanExecutor = (request: ExecutedRequest, call: CallPlanned) => Promise<CallAnswer>;

export interface PlanExecutorOptions {
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
}

/** Runs the planner's plans. What it knows of an operation lives as long as the operation's document. */
export function createPlanExecutor({ supergraphSdl, schema }: PlanExecutorOptions): PlanExecutor {
  const planner = new QueryPlanner(supergraphSdl);
  const types = new TypeConditions(schema);
  const known = new WeakMap<DocumentNode, Map<string, Promise<CompiledOperation> | CompiledOperation>>();

  const compile = async ({ document, operationName }: ExecutedRequest): Promise<CompiledOperation> => {
    const planned = withPlannedKeys(document);
    const operation = getOperationAST(planned, operationName);
    if (!operation) throw new Error('There is no operation to execute.');
    const asked = withoutExcluded(planned);
    const fields = rootFieldsOf(getOperationAST(asked, operationName) ?? operation, fragmentsOf(asked));
    // Nothing that a subgraph knows.
    if (fields.every(({ name }) => name.value === '__typename'))
      return new CompiledOperation({ schema, types, document: planned, operation, plan: null });
    // The labels are those of @override with a part of the traffic, which this graph has none of.
    const plan = await planner.planAsync(print(asked), operationName, new Set(), 0);
    return new CompiledOperation({ schema, types, document: planned, operation, plan: plan.node ?? null });
  };

  const compiledFor = (request: ExecutedRequest): Promise<CompiledOperation> | CompiledOperation => {
    let operations = known.get(request.document);
    if (!operations) known.set(request.document, (operations = new Map<string, CompiledOperation>()));
    const name = request.operationName ?? '';
    const ready = operations.get(name);
    if (ready) return ready;
    const coming = compile(request);
    operations.set(name, coming);
    coming.then(
      (compiled) => operations.set(name, compiled),
      () => operations.delete(name),
    );
    return coming;
  };

  return async (request, call) => {
    const pending = compiledFor(request);
    const compiled = pending instanceof CompiledOperation ? pending : await pending;
    const variables = compiled.variablesOf(request.variables ?? {});
    const newRun = (): PlanRun => ({ data: {}, errors: [], variables, call });
    const plan = compiled.subscription?.(variables);
    if (!plan) {
      const run = newRun();
      await compiled.step?.(run);
      return compiled.answerOf(run);
    }
    const answer = await plan.source.begin(newRun());
    const complete = async (event: ExecutionResult): Promise<ExecutionResult> => {
      const run = newRun();
      plan.source.take(run, event);
      if (event.data) await plan.joins(run);
      return compiled.answerOf(run);
    };
    return Symbol.asyncIterator in answer ? new PlannedEvents(answer, complete) : complete(answer);
  };
}
