import { CodedError } from '@tributary/contracts/errors';
import { GraphQLError } from 'graphql';
import { CallFailure } from './CallFailure.js';
import type { CallPolicy } from './SubgraphCall.js';

/**
 * A subgraph that cannot be reached, or does not answer in time, costs only its own branch of the answer: its fields say
 * SERVICE_UNAVAILABLE, and `extensions.degraded` names it.
 */
export const answerFailures: CallPolicy = (next, subgraph) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (!(error instanceof CallFailure)) return { errors: [asGraphqlError(error)] };
    const operation = request.context?.tributary;
    // A breaker that holds back says what the calls before it met.
    const reason = error.reason === 'open' ? 'unreachable' : error.reason;
    if (error.reason !== 'open') {
      operation?.logger.warn(
        { requestId: operation.requestId, subgraph, reason, err: error.cause },
        'A subgraph did not answer.',
      );
    }
    operation?.degraded.set(subgraph, { subgraph, reason, retryAfterSeconds: error.retryAfterSeconds });
    return { errors: [asGraphqlError(unavailable(subgraph, reason))] };
  }
};

function asGraphqlError(error: unknown): GraphQLError {
  return new GraphQLError(error instanceof Error ? error.message : String(error), { originalError: error as Error });
}

function unavailable(subgraph: string, reason: string): CodedError {
  return new CodedError(
    'SERVICE_UNAVAILABLE',
    reason === 'timeout'
      ? 'A part of the system did not answer in time. Try again.'
      : 'A part of the system is not reachable. Try again.',
    { subgraph, reason },
  );
}
