import { CodedError } from '@tributary/contracts/errors';
import { idNames, readOperationParams, type OperationParams } from '../../operations/operationParams.js';
import type { GatewaySettings } from '../../settings.js';
import type { HttpExchange } from './HttpExchange.js';
import { BodyTooSlow, readJsonBody, UnsupportedBody } from './readBody.js';
import { readJson } from './readJson.js';

export interface HttpOperationRequest {
  readonly params: OperationParams;
  /** Sent with `x-tributary-ingest: 1`. */
  readonly ingest: boolean;
}

/** Reads an operation from a POST or a GET. Null: there was none, and the exchange is answered. */
export async function requestOfExchange(
  exchange: HttpExchange,
  settings: GatewaySettings,
): Promise<HttpOperationRequest | null> {
  const { method } = exchange.request;
  if (method !== 'POST' && method !== 'GET') {
    exchange.refuseMethod('GET, POST');
    return null;
  }
  const ingest = exchange.header('x-tributary-ingest') === '1';
  const maxMs = ingest ? settings.timeouts.ingestMs : settings.timeouts.operationMs;
  const maxBytes = ingest ? settings.limits.ingestBodyBytes : settings.limits.bodyBytes;
  try {
    const params =
      method === 'GET'
        ? paramsOfUrl(exchange)
        : readOperationParams(await readJsonBody(exchange.request, maxBytes, maxMs));
    if (
      params.query === undefined &&
      params.documentId === undefined &&
      params.extensions?.['persistedQuery'] === undefined
    ) {
      throw new CodedError('INVALID_INPUT', 'Send "query", or the "documentId" of a stored operation.', {
        field: 'query',
      });
    }
    return { params, ingest };
  } catch (error) {
    exchange.sendError(error, error instanceof UnsupportedBody ? 415 : error instanceof BodyTooSlow ? 408 : undefined);
    return null;
  }
}

/** Headers that no page of another site can send without a preflight. */
const preflightHeaders = [
  'authorization',
  'x-api-key',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-tributary-csrf',
];

function paramsOfUrl(exchange: HttpExchange): OperationParams {
  const forced =
    preflightHeaders.some((name) => exchange.header(name) !== undefined) ||
    exchange.header('content-type')?.startsWith('application/json');
  if (!forced) {
    throw new CodedError(
      'INVALID_INPUT',
      'A GET needs a header that a page of another site cannot send unasked: Authorization, x-api-key or apollo-require-preflight.',
    );
  }
  const { query } = exchange;
  return readOperationParams({
    query: query.get('query'),
    operationName: query.get('operationName') || undefined,
    ...Object.fromEntries(idNames.map((name) => [name, query.get(name)])),
    variables: jsonParameter(query, 'variables'),
    extensions: jsonParameter(query, 'extensions'),
  });
}

function jsonParameter(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  return readJson(
    text,
    () => new CodedError('INVALID_INPUT', `The parameter "${name}" is not valid JSON.`, { field: name }),
  );
}
