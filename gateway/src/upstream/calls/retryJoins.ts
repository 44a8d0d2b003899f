import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import type { EngineContext, OperationContext } from '../../result/OperationContext.js';
import { asUnavailable, tellsOfOutage } from '../resume/ResumedStream.js';
import { CallFailure } from './CallFailure.js';
import type { CallPolicy } from './CallPolicy.js';

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
  return async (request) => {
    const operation = (request.context as unknown as EngineContext | undefined)?.tributary;
    if (!operation?.position || request.operationType !== 'query') return next(request) as never;
    for (let wait = firstWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
      let answer: ExecutionResult | null = null;
      let failure: unknown;
      try {
        answer = (await next(request)) as ExecutionResult;
        if (!tellsOfOutage(answer.errors)) {
          outages.delete(operation);
          return answer as never;
        }
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        failure = error;
      }
      const begun = outages.get(operation) ?? performance.now();
      outages.set(operation, begun);
      const pause = wait * (0.5 + Math.random());
      if (operation.signal.aborted || performance.now() + pause - begun >= joinMs) {
        if (!answer) throw failure;
        return { ...answer, errors: answer.errors?.map(asUnavailable) } as never;
      }
      await delay(pause);
    }
  };
};
