import { CodedError } from '@tributary/contracts/errors';
import { Deadline, type RequestContext } from '@tributary/kernel';
import type { EngineContext } from '../EngineContext.js';

/**
 * What a subgraph is told of the caller. Throws INVALID_CREDENTIALS without a principal: useSignedInOnly has refused such
 * an operation before, and this is the last door behind it.
 */
export function requestContextOf(
  context: EngineContext | undefined,
  callMs: number,
  isSubscription = false,
): RequestContext {
  const operation = context?.tributary;
  if (!operation?.principal) throw new CodedError('INVALID_CREDENTIALS', 'Sign in first.');
  return {
    principal: operation.principal,
    requestId: operation.requestId,
    operation,
    // A subscription stays as long as its client; what a subgraph does for one event has limits of its own.
    deadline: Deadline.in(
      isSubscription ? Number.MAX_SAFE_INTEGER : operation.deadline ? operation.deadline.atMost(callMs) : callMs,
    ),
  };
}
