import { CallFailure, type CallFailureReason } from './CallFailure.js';
import { SubgraphTimeout } from './limitCalls.js';
import type { CallPolicy } from './CallPolicy.js';

/** Codes that the engine's HTTP transport gives to what is not an answer of a subgraph. */
const transportCodes = new Map<unknown, CallFailureReason>([
  ['SUBREQUEST_HTTP_ERROR', 'unreachable'],
  ['TIMEOUT_ERROR', 'timeout'],
  ['RESPONSE_VALIDATION_FAILED', 'invalid_response'],
]);

/** Tells a call that brought no answer from one whose answer has errors: the first is thrown, so that it can be counted and tried again. */
export const tellFailures: CallPolicy = (next) => async (request) => {
  let answer: unknown;
  try {
    answer = await next(request);
  } catch (error) {
    if (error instanceof SubgraphTimeout) throw new CallFailure('timeout', 1, { cause: error });
    throw error;
  }
  const failure = failureOf(answer);
  if (failure) throw failure;
  return answer as never;
};

function failureOf(answer: unknown): CallFailure | null {
  if (typeof answer !== 'object' || answer === null || !('errors' in answer) || !Array.isArray(answer.errors))
    return null;
  for (const error of answer.errors as readonly { extensions?: { code?: unknown } }[]) {
    const reason = transportCodes.get(error.extensions?.code);
    if (reason) return new CallFailure(reason, 1, { cause: error });
  }
  return null;
}
