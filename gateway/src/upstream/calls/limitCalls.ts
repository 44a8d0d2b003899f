import { CodedError } from '@tributary/contracts/errors';
import { CallFailure } from './CallFailure.js';
import { CallLimit } from './CallLimit.js';
import { joinMs } from './retryJoins.js';
import type { CallSubgraph, CarryCall, SubgraphCall } from './SubgraphCall.js';

/**
 * Each try of a call gets what is left of its operation, at most `callMs`, and is given up after that, or when the client has gone. For a
 * subscription the time is that until it stands; it then stays until its client goes.
 */
export function limitCalls(callMs: number, carry: CarryCall): CallSubgraph {
  return async (call) => {
    const operation = call.context?.tributary;
    const maxMs = operation?.position && call.operationType === 'query' ? Math.min(joinMs, callMs) : callMs;
    const budgetMs = operation?.deadline ? Math.min(operation.deadline.remaining(), maxMs) : maxMs;
    if (budgetMs <= 0) throw new CallFailure('timeout', 1, { cause: new Error('No time was left for this call.') });
    if (operation?.signal.aborted) throw new CodedError('SERVICE_UNAVAILABLE', 'The client has gone.');
    return withinBudget(call, new CallLimit(budgetMs, operation?.signal), carry);
  };
}

async function withinBudget(call: SubgraphCall, limit: CallLimit, carry: CarryCall): ReturnType<CarryCall> {
  let timer: NodeJS.Timeout | undefined;
  let staysOpen = false;
  try {
    const timeUp = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const cause = new Error('The call took longer than it was given.');
        reject(new CallFailure('timeout', 1, { cause }));
        limit.giveUp(cause);
      }, limit.budgetMs);
    });
    const answer = await Promise.race([carry(call, limit), timeUp]);
    if (!(Symbol.asyncIterator in answer)) return answer;
    staysOpen = true;
    return released(answer, limit);
  } finally {
    clearTimeout(timer);
    if (!staysOpen) limit.release();
  }
}

function released<Event>(events: AsyncIterable<Event>, limit: CallLimit): AsyncIterableIterator<Event> {
  const source = events[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const step = await source.next();
        if (step.done) limit.release();
        return step;
      } catch (error) {
        limit.release();
        throw error;
      }
    },
    async return() {
      limit.release();
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
