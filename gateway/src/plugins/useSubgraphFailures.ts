import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/kernel';
import { GraphQLError } from 'graphql';
import type { Degraded, EngineContext } from '../engine/OperationContext.js';
import { SubgraphTimeout } from './useSubgraphDeadline.js';

/** Codes that the engine's HTTP transport gives to what is not an answer of a subgraph. */
const transportCodes = new Map([
  ['SUBREQUEST_HTTP_ERROR', 'unreachable'],
  ['TIMEOUT_ERROR', 'timeout'],
  ['RESPONSE_VALIDATION_FAILED', 'invalid_response'],
]);

/**
 * A subgraph that cannot be reached, or does not answer in time, costs only its own branch of the answer: its fields say
 * SERVICE_UNAVAILABLE, and `extensions.degraded` names it.
 */
export function useSubgraphFailures(): GatewayPlugin {
  return {
    onSubgraphExecute({ subgraphName, executionRequest, executor, setExecutor }) {
      const operation = (executionRequest.context as EngineContext | undefined)?.tributary;
      setExecutor(async (request) => {
        let reason: string | null;
        let cause: unknown;
        try {
          const answer = await executor(request);
          reason = failureOf(answer);
          if (!reason) return answer;
          cause = (answer as { errors: readonly unknown[] }).errors[0];
        } catch (error) {
          reason = error instanceof SubgraphTimeout ? 'timeout' : null;
          if (!reason) return { errors: [new GraphQLError(messageOf(error), { originalError: error as Error })] } as never;
          cause = error;
        }
        operation?.logger.warn({ requestId: operation.requestId, subgraph: subgraphName, reason, cause: messageOf(cause) }, 'A subgraph did not answer.');
        operation?.degraded.set(subgraphName, { subgraph: subgraphName, reason, retryAfterSeconds: 1 });
        return { errors: [unavailable(subgraphName, reason)] } as never;
      });
    },
  };
}

function failureOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('errors' in answer) || !Array.isArray(answer.errors)) return null;
  for (const error of answer.errors as readonly { extensions?: { code?: unknown } }[]) {
    const reason = transportCodes.get(String(error.extensions?.code));
    if (reason) return reason;
  }
  return null;
}

function unavailable(subgraph: string, reason: Degraded['reason']): GraphQLError {
  const error = new CodedError(
    'SERVICE_UNAVAILABLE',
    reason === 'timeout' ? 'A part of the system did not answer in time. Try again.' : 'A part of the system is not reachable. Try again.',
    { subgraph, reason },
  );
  return new GraphQLError(error.message, { originalError: error });
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
