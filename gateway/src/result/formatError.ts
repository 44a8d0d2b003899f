import {
  CodedError,
  errorRegister,
  isCodedError,
  type ErrorCode,
  type ErrorDetails,
} from '@tributary/contracts/errors';
import { fieldInMessage } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** An error as clients see it. */
export interface FormattedError extends GraphQLFormattedError {
  readonly extensions: {
    readonly code: ErrorCode;
    readonly details: ErrorDetails;
    /** RFC 3339. */
    readonly timestamp: string;
    readonly requestId: string;
  };
}

export interface ErrorFacts {
  readonly requestId: string;
  readonly logger: Logger;
}

/**
 * What a client may know of an error: a coded one keeps code, message and details through all hops, whoever wrapped it;
 * everything else is logged and masked as INTERNAL_ERROR.
 */
export function formatError(error: unknown, facts: ErrorFacts): FormattedError {
  const coded = findCoded(error) ?? masked(error, facts);
  const path = pathOf(error);
  return {
    message: coded.message,
    ...(path ? { path } : {}),
    extensions: {
      code: coded.code,
      details: coded.details,
      timestamp: coded.timestamp ?? new Date().toISOString(),
      requestId: facts.requestId,
    },
  };
}

/**
 * The same for errors of an operation that did not get as far as execution: there a GraphQLError without a code tells the
 * client what is wrong with its document or variables.
 */
export function formatRequestError(error: unknown, facts: ErrorFacts, suggestions: boolean): FormattedError {
  if (!(error instanceof GraphQLError) || findCoded(error) || !isGraphqlThrough(error))
    return formatError(error, facts);
  const coded = codeOfRequestError(error, suggestions);
  return {
    message: coded.message,
    ...(error.locations ? { locations: error.locations } : {}),
    extensions: {
      code: coded.code,
      details: coded.details,
      timestamp: new Date().toISOString(),
      requestId: facts.requestId,
    },
  };
}

/** The same for what stopped an operation: an AggregateError is a list of them. */
export function formatRequestErrors(error: unknown, facts: ErrorFacts, suggestions: boolean): FormattedError[] {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const formatted = new Map<string, FormattedError>();
  for (const each of errors) {
    const told = formatRequestError(each, facts, suggestions);
    // A directive that is repeated ten times is one mistake, told ten times from its first place.
    const key = JSON.stringify([told.message, told.locations?.[0], told.path]);
    if (!formatted.has(key)) formatted.set(key, told);
  }
  return [...formatted.values()];
}

/** Coercion wraps its errors in others of its kind. Anything else inside comes from code of ours. */
function isGraphqlThrough(error: GraphQLError): boolean {
  const inner = error.originalError;
  return !inner || (inner instanceof GraphQLError && isGraphqlThrough(inner));
}

interface CodedFacts {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly timestamp?: string | undefined;
}

function findCoded(error: unknown, depth = 0): CodedFacts | null {
  if (typeof error !== 'object' || error === null || depth > 5) return null;
  if (isCodedError(error)) return { code: error.code, message: error.message, details: error.details };
  const { message, extensions } = error as { message?: unknown; extensions?: Record<string, unknown> | null };
  if (typeof message === 'string' && isErrorCode(extensions?.['code'])) {
    const { details, timestamp } = extensions;
    return {
      code: extensions['code'],
      message,
      details: typeof details === 'object' && details !== null ? (details as ErrorDetails) : {},
      timestamp: typeof timestamp === 'string' ? timestamp : undefined,
    };
  }
  const { originalError, cause } = error as { originalError?: unknown; cause?: unknown };
  return findCoded(originalError, depth + 1) ?? findCoded(cause, depth + 1);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorRegister, code);
}

function masked(error: unknown, facts: ErrorFacts): CodedFacts {
  facts.logger.error({ err: error, requestId: facts.requestId }, 'An error that no client may see was masked.');
  return {
    code: 'INTERNAL_ERROR',
    message: 'Something went wrong on our side. Report it with the requestId.',
    details: {},
  };
}

function pathOf(error: unknown): readonly (string | number)[] | undefined {
  const path = typeof error === 'object' && error !== null && 'path' in error ? error.path : undefined;
  return Array.isArray(path) ? (path as (string | number)[]) : undefined;
}

const tooManyTokens = /contains more that \d+ tokens/;
const absent = /(?:was not provided|is required, but it was not provided|must not be null)\.?/;

function codeOfRequestError(error: GraphQLError, suggestions: boolean): CodedError {
  const message = suggestions ? error.message : error.message.replace(/ Did you mean .*\?$/s, '');
  if (tooManyTokens.test(message))
    return new CodedError('OPERATION_TOO_COMPLEX', 'The document has too many tokens.', { limit: 'tokens' });
  const { field = fieldInMessage(message) } = error.extensions;
  const details = typeof field === 'string' ? { field } : {};
  return new CodedError(absent.test(message) ? 'MISSING_REQUIRED_FIELD' : 'INVALID_INPUT', message, details);
}
