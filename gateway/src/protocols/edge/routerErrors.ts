import { CodedError, type ErrorCode } from '@tributary/contracts/errors';
import { formatError, type ErrorFacts, type FormattedError } from '../../result/formatError.js';

/** What the router itself says in place of a subgraph. Codes of ours, from subgraphs, pass as they are. */
const codes: Readonly<Record<string, ErrorCode>> = {
  PARSING_ERROR: 'INVALID_INPUT',
  GRAPHQL_PARSE_FAILED: 'INVALID_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'INVALID_INPUT',
  VALIDATION_INVALID_TYPE_VARIABLE: 'INVALID_INPUT',
  GRAPHQL_UNKNOWN_OPERATION_NAME: 'INVALID_INPUT',
  MISSING_QUERY_STRING: 'INVALID_INPUT',
  INVALID_GRAPHQL_REQUEST: 'INVALID_INPUT',
  SUBREQUEST_HTTP_ERROR: 'SERVICE_UNAVAILABLE',
  SUBREQUEST_MALFORMED_RESPONSE: 'SERVICE_UNAVAILABLE',
  GATEWAY_TIMEOUT: 'SERVICE_UNAVAILABLE',
  REQUEST_TIMEOUT: 'SERVICE_UNAVAILABLE',
  REQUEST_RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
  INTROSPECTION_DISABLED: 'INSUFFICIENT_PERMISSIONS',
};

/** Brings an error of a router into the form of all our errors. */
export function formatRouterError(error: unknown, facts: ErrorFacts): FormattedError {
  const { message, path, extensions } = error as { message?: unknown; path?: unknown; extensions?: { code?: unknown } };
  const code = codes[String(extensions?.code)];
  if (!code) return formatError(error, facts);
  const text = code === 'SERVICE_UNAVAILABLE' ? 'A part of the system is not reachable. Try again.' : String(message);
  return formatError(Object.assign(new CodedError(code, text), { path }), facts);
}
