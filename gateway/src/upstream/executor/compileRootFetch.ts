import type { FetchNode } from '@graphql-hive/router-query-planner';
import type { ExecutionResult, OperationTypeNode } from 'graphql';
import { errorAt, errorOfCall } from './errorPlaces.js';
import { mergeInto } from './mergeInto.js';
import { firstKeyOf, plannedCall, usedVariables } from './plannedCall.js';
import type { CallAnswer, PlanRun, Step } from './PlanRun.js';
import { compileRewrites } from './rewrites.js';
import type { TypeConditions } from './TypeConditions.js';

/** A call whose answer is the answer's own top. */
export interface RootFetch {
  readonly step: Step;
  /** The call alone, for a subscription. */
  begin(run: PlanRun): Promise<CallAnswer> | CallAnswer;
  /** Takes what the call, or one event of it, has brought. */
  take(run: PlanRun, answer: ExecutionResult): void;
}

export function compileRootFetch(node: FetchNode, operationType: OperationTypeNode, types: TypeConditions): RootFetch {
  const call = plannedCall(node, operationType);
  const rewrite = compileRewrites(node.outputRewrites, types);
  const otherwise = firstKeyOf(call);
  const begin = (run: PlanRun) => run.call(call, usedVariables(run, node.variableUsages));
  const take = (run: PlanRun, { data, errors }: ExecutionResult): void => {
    for (const error of errors ?? []) run.errors.push(error.path ? error : errorAt(error, otherwise));
    if (!data) return;
    rewrite?.(data);
    mergeInto(run.data, data);
  };
  return {
    begin,
    take,
    step: async (run) => {
      try {
        take(run, (await begin(run)) as ExecutionResult);
      } catch (error) {
        run.errors.push(errorOfCall(error, otherwise));
      }
    },
  };
}
