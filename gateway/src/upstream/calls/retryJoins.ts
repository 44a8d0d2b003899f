import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import type { ExecutionResult } from 'graphql';
import type { OperationContext } from '../../result/OperationContext.js';
import { asUnavailable, tellsOfOutage } from '../resume/ResumedStream.js';
import { CallFailure } from './CallFailure.js';
import type { CallPolicy, SubgraphCall } from './SubgraphCall.js';

/** How long the parts of an event that other subgraphs hold are asked for. */
export const joinMs = 2_000;
const firstWaitMs = 50;
const longestWaitMs = 400;

/**
 * What an event of a stream takes from other subgraphs is asked for again for two seconds; then the event is delivered
 * without it. In a longer outage that is once: later events do not queue up behind a subgraph that is known to be away.
 */
export const retryJoins: CallPolicy = (next) => {
  /** Since when the subgraph has been away, for the operations that have noticed. */
  const outages = new WeakMap<OperationContext, number>();
  return (request) => {
    const operation = request.context?.tributary;
    return operation?.position && request.operationType === 'query' ? patiently(request, operation) : next(request);
  };

  async function patiently(request: SubgraphCall, operation: OperationContext): Promise<ExecutionResult> {
    let wait = firstWaitMs;
    let pause = 0;
    const mayAskAgain = (): boolean => {
      const begun = outages.get(operation) ?? performance.now();
      outages.set(operation, begun);
      pause = wait * (0.5 + Math.random());
      wait = Math.min(longestWaitMs, wait * 2);
      return !operation.signal.aborted && performance.now() + pause - begun < joinMs;
    };
    const policy = retry(
      handleWhen((error) => error instanceof CallFailure && mayAskAgain()).orWhenResult(
        (answer) => tellsOfOutage((answer as ExecutionResult).errors) && mayAskAgain(),
      ),
      { maxAttempts: Infinity, backoff: new DelegateBackoff(() => pause) },
    );
    const answer = await policy.execute(() => next(request) as Promise<ExecutionResult>);
    if (tellsOfOutage(answer.errors)) return { ...answer, errors: answer.errors?.map(asUnavailable) };
    outages.delete(operation);
    return answer;
  }
};
