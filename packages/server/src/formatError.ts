import { GraphQLError } from 'graphql';
import { fieldInMessage } from '@tributary/kernel';
import { isCodedError } from '@tributary/contracts/errors';
import type { CodedError, ErrorCode, ErrorDetails } from '@tributary/contracts/errors';
import type { Logger } from '@tributary/observability';

/**
 * The form in which a failure leaves a subgraph: `extensions { code, details, timestamp, requestId }`. CodedErrors keep their message;
 * GraphQL's own complaints about the request become INVALID_INPUT; everything else is logged and masked.
 */
export function formatError(error: GraphQLError, requestId: string, logger: Logger): GraphQLError {
  const original = error.originalError;
  const coded = codedWithin(original);
  if (coded) {
    if (coded.cause) logger.warn({ err: coded.cause, requestId, code: coded.code }, coded.message);
    return rewritten(error, coded.message, coded.code, coded.details, requestId);
  }
  if (original === undefined || original === null || isRequestFault(error, original)) {
    const field = fieldInMessage(error.message);
    return rewritten(error, error.message, 'INVALID_INPUT', field === null ? {} : { field }, requestId);
  }
  logger.error({ err: original, requestId, path: error.path }, 'a resolver failed');
  return rewritten(
    error,
    'Something went wrong on our side. Report it with the requestId.',
    'INTERNAL_ERROR',
    {},
    requestId,
  );
}

/** What a scalar says of a variable's value comes wrapped in GraphQL's own errors. */
function codedWithin(error: unknown): CodedError | null {
  if (isCodedError(error)) return error;
  return error instanceof GraphQLError ? codedWithin(error.originalError) : null;
}

/**
 * GraphQL throws plain GraphQLErrors for values that do not fit their type. Those of a request point at a place in its document, or
 * came before any field was run; one that has a field's path and no place is about an answer of ours, and quotes it.
 */
function isRequestFault({ path }: GraphQLError, original: Error): boolean {
  if (!(original instanceof GraphQLError) || original.originalError) return false;
  return path === undefined || original.nodes !== undefined;
}

function rewritten(
  error: GraphQLError,
  message: string,
  code: ErrorCode,
  details: ErrorDetails,
  requestId: string,
): GraphQLError {
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { code, details, timestamp: new Date().toISOString(), requestId },
  });
}
