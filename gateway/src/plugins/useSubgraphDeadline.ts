import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/kernel';
import type { EngineContext } from '../engine/OperationContext.js';
import { setCallBudget } from '../transports/callBudget.js';

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
export function useSubgraphDeadline(callMs: number): GatewayPlugin {
  return {
    onSubgraphExecute({ executionRequest, executor, setExecutor }) {
      setExecutor((request) => {
        const operation = (executionRequest.context as EngineContext | undefined)?.tributary;
        const budget = operation?.deadline ? Math.min(operation.deadline.remaining(), callMs) : callMs;
        if (budget <= 0) throw new SubgraphTimeout('No time was left for this call.');
        return withinBudget(
          request as typeof request & CallRequest,
          budget,
          operation?.signal,
          executor as never,
        ) as never;
      });
    },
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
    staysOpen = request.operationType === 'subscription';
    return answer;
  } finally {
    clearTimeout(timer);
    if (!staysOpen) clientSignal?.removeEventListener('abort', onClientGone);
  }
}
