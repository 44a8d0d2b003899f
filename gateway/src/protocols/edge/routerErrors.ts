import { CodedError, type ErrorCode } from '@tributary/contracts/errors';
import { formatError, type ErrorFacts, type FormattedError } from '../../result/formatError.js';

/** What a router itself says in place of a subgraph. Codes of ours, from subgraphs, pass as they are. */
const codes: Readonly<Record<string, ErrorCode>> = {
  // Apollo Router.
  PARSING_ERROR: 'INVALID_INPUT',
  VALIDATION_INVALID_TYPE_VARIABLE: 'INVALID_INPUT',
  GRAPHQL_UNKNOWN_OPERATION_NAME: 'INVALID_INPUT',
  MISSING_QUERY_STRING: 'INVALID_INPUT',
  INVALID_GRAPHQL_REQUEST: 'INVALID_INPUT',
  GATEWAY_TIMEOUT: 'SERVICE_UNAVAILABLE',
  REQUEST_TIMEOUT: 'SERVICE_UNAVAILABLE',
  REQUEST_RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
  INTROSPECTION_DISABLED: 'INSUFFICIENT_PERMISSIONS',
  // Apollo Router and Hive Router.
  GRAPHQL_PARSE_FAILED: 'INVALID_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'INVALID_INPUT',
  SUBREQUEST_HTTP_ERROR: 'SERVICE_UNAVAILABLE',
  SUBREQUEST_MALFORMED_RESPONSE: 'SERVICE_UNAVAILABLE',
  // Hive Router: a call of a subgraph that came to nothing.
  SUBGRAPH_REQUEST_FAILURE: 'SERVICE_UNAVAILABLE',
  SUBGRAPH_RESPONSE_FAILURE: 'SERVICE_UNAVAILABLE',
  SUBGRAPH_REQUEST_TIMEOUT: 'SERVICE_UNAVAILABLE',
  SUBGRAPH_EMPTY_RESPONSE_BODY: 'SERVICE_UNAVAILABLE',
  SUBGRAPH_RESPONSE_DESERIALIZATION_FAILURE: 'SERVICE_UNAVAILABLE',
};

/** Cosmo says this of a subgraph that it could not reach, without a code or with the one that it gives to all that has none. */
const codelessInCosmo = 'DOWNSTREAM_SERVICE_ERROR';
const unreachedByCosmo = /^Failed to fetch from Subgraph\b/;

/** Brings an error of a router into the form of all our errors. */
export function formatRouterError(error: unknown, facts: ErrorFacts): FormattedError {
  const { message, path, extensions } = error as { message?: unknown; path?: unknown; extensions?: { code?: unknown } };
  const given = extensions?.code;
  const isUnreached = (given ?? codelessInCosmo) === codelessInCosmo && unreachedByCosmo.test(String(message));
  const code = isUnreached ? 'SERVICE_UNAVAILABLE' : codes[String(given)];
  if (!code) return formatError(error, facts);
  const text = code === 'SERVICE_UNAVAILABLE' ? 'A part of the system is not reachable. Try again.' : String(message);
  return formatError(Object.assign(new CodedError(code, text), { path }), facts);
}
