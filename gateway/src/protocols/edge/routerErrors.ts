import { CodedError, type ErrorCode } from '@tributary/contracts/errors';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import type { Degraded } from '../../result/OperationContext.js';
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
const unreachedByCosmo = /^Failed to fetch from Subgraph(?: '(\w+)')?/;

interface RouterError {
  readonly message?: unknown;
  readonly path?: unknown;
  readonly extensions?: {
    readonly code?: unknown;
    /** The subgraph, as Hive Router and as Apollo Router say it. */
    readonly serviceName?: unknown;
    readonly service?: unknown;
    /** Of Hive Router, in place of a path: `flow.assets[0]`, or `flow.assets.@`. */
    readonly affectedPath?: unknown;
  };
}

/** A router's answer with its errors in the form of all our errors, and the subgraphs that it did without named as the gateway names them. */
export function formatRouterAnswer<Answer extends { readonly errors?: unknown[]; readonly extensions?: object }>(
  answer: Answer,
  facts: ErrorFacts,
): Answer & { readonly errors?: FormattedError[] } {
  if (!answer.errors) return answer as Answer & { readonly errors?: FormattedError[] };
  const degraded = new Map<string, Degraded>();
  const errors = answer.errors.map((error) => {
    const formatted = formatRouterError(error as RouterError, facts);
    const { subgraph } = formatted.extensions.details as { readonly subgraph?: string };
    if (formatted.extensions.code === 'SERVICE_UNAVAILABLE' && subgraph !== undefined)
      degraded.set(subgraph, { subgraph, reason: unreachable, retryAfterSeconds: 1 });
    return formatted;
  });
  if (degraded.size === 0) return { ...answer, errors };
  return { ...answer, errors, extensions: { ...answer.extensions, degraded: [...degraded.values()] } };
}

const unreachable = 'unreachable';

function formatRouterError(error: RouterError, facts: ErrorFacts): FormattedError {
  const { message, extensions } = error;
  const given = extensions?.code;
  const unreached = (given ?? codelessInCosmo) === codelessInCosmo ? unreachedByCosmo.exec(String(message)) : null;
  const code = unreached ? 'SERVICE_UNAVAILABLE' : codes[String(given)];
  if (!code) return formatError(error, facts);
  const path = error.path ?? pathIn(extensions?.affectedPath);
  if (code !== 'SERVICE_UNAVAILABLE')
    return formatError(Object.assign(new CodedError(code, String(message)), { path }), facts);
  const named = extensions?.serviceName ?? extensions?.service ?? unreached?.[1];
  const details = isSubgraphName(named) ? { subgraph: named, reason: unreachable } : {};
  const text = 'A part of the system is not reachable. Try again.';
  return formatError(Object.assign(new CodedError(code, text, details), { path }), facts);
}

/** Up to the first list, whose places it may not say. */
function pathIn(affected: unknown): string[] | undefined {
  if (typeof affected !== 'string' || affected === '') return undefined;
  const upTo = affected.split(/\.@|\[/)[0]!;
  return upTo === '' ? undefined : upTo.split('.');
}

function isSubgraphName(name: unknown): name is string {
  return subgraphNames.some((each) => each === name);
}
