import { CodedError } from '@tributary/contracts/errors';
import type { EngineContext } from '../../result/OperationContext.js';
import { setCallBudget } from './callBudget.js';
import { joinMs } from './retryJoins.js';
import type { CallPolicy } from './CallPolicy.js';

interface CallRequest {
  readonly operationType?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Marks a call that did not come back in time. */
export class SubgraphTimeout extends Error {
  override readonly name = 'SubgraphTimeout';
}

/**
 * Each call of a subgraph gets what is left of its operation, at most `callMs`, and is aborted after that, or when the
 * client has gone. For a subscription the time is that until it stands; it then stays until its client goes.
 */
export function limitCalls(callMs: number): CallPolicy {
  return (next) => (request) => {
    const operation = (request.context as EngineContext | undefined)?.tributary;
    const maxMs = operation?.position && request.operationType === 'query' ? Math.min(joinMs, callMs) : callMs;
    const budget = operation?.deadline ? Math.min(operation.deadline.remaining(), maxMs) : maxMs;
    if (budget <= 0) throw new SubgraphTimeout('No time was left for this call.');
    return withinBudget(request as typeof request & CallRequest, budget, operation?.signal, next as never) as never;
  };
}

async function withinBudget<Request extends CallRequest>(
  request: Request,
  budget: number,
  clientSignal: AbortSignal | undefined,
  executor: (request: Request) => unknown,
): Promise<unknown> {
  const controller = new AbortController();
  const onClientGone = () => controller.abort(clientSignal?.reason);
  if (clientSignal?.aborted) throw new CodedError('SERVICE_UNAVAILABLE', 'The client has gone.');
  clientSignal?.addEventListener('abort', onClientGone, { once: true });
  let timer: NodeJS.Timeout | undefined;
  let staysOpen = false;
  try {
    request.signal = controller.signal;
    setCallBudget(request, budget);
    const timeUp = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const timeout = new SubgraphTimeout('The call took longer than it was given.');
        reject(timeout);
        controller.abort(timeout);
      }, budget);
    });
    const answer = await Promise.race([executor(request), timeUp]);
    if (request.operationType !== 'subscription' || !isStream(answer)) return answer;
    staysOpen = true;
    return released(answer, () => clientSignal?.removeEventListener('abort', onClientGone));
  } finally {
    clearTimeout(timer);
    if (!staysOpen) clientSignal?.removeEventListener('abort', onClientGone);
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

/** A client that stays for days may go through many streams: each takes its listener with it. */
function released(events: AsyncIterable<unknown>, release: () => void): AsyncIterableIterator<unknown> {
  const source = events[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const step = await source.next();
        if (step.done) release();
        return step;
      } catch (error) {
        release();
        throw error;
      }
    },
    async return() {
      release();
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
