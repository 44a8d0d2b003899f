import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contextHeader, signContext, type GatewaySecrets } from '@tributary/auth';
import { CodedError, errorRegister } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';
import { traceHeaders } from '@tributary/observability';
import type { GraphQLSchema } from 'graphql';
import type { CallerBudgets } from '../../callers/CallerBudgets.js';
import { setRateLimitHeaders } from '../http/rateLimitHeaders.js';
import { requestOfExchange, type HttpOperationRequest } from '../http/requestOfExchange.js';
import type { HttpExchange } from '../http/HttpExchange.js';
import { identifyCaller, type Caller, type IdentityService } from '../../callers/identity.js';
import { checkCost } from '../../operations/checkCost.js';
import { checkVariables } from '../../operations/checkInput.js';
import type { Documents } from '../../operations/Documents.js';
import { chosenOperation } from '../../operations/chosenOperation.js';
import { formatRequestError } from '../../result/formatError.js';
import { mustBeStored } from '../../operations/mustBeStored.js';
import { rootFieldsOf } from '../../operations/rootFields.js';
import type { StoredOperations } from '../../operations/StoredOperations.js';
import type { GatewaySettings } from '../../settings.js';
import { formatRouterError } from './routerErrors.js';

export interface EdgeRouteOptions {
  /** Where the router answers GraphQL. */
  readonly routerUrl: string;
  readonly secrets: GatewaySecrets;
  readonly identity: IdentityService;
  readonly settings: GatewaySettings;
  readonly stored: StoredOperations;
  readonly budgets: CallerBudgets;
  readonly documents: Documents;
  /** What costs are counted by; the router validates. */
  readonly schema: GraphQLSchema;
}

/**
 * Does for another router what it does not do itself: signs the caller in, finds stored operations, keeps the limits, and
 * sends the operation on with a signed context. The context is for the whole supergraph and bound to no body, because
 * the router makes the subgraphs' bodies itself; subgraphs take it only where they are configured to.
 */
export async function serveEdge(exchange: HttpExchange, options: EdgeRouteOptions): Promise<void> {
  const request = await requestOfExchange(exchange, options.settings);
  if (!request) return;
  const caller = await identifyCaller(options.identity, {
    authorization: exchange.header('authorization'),
    apiKey: exchange.header('x-api-key'),
  });
  const facts = { requestId: exchange.requestId, logger: exchange.logger };
  let operation: Operation;
  try {
    const readOnly = exchange.request.method === 'GET';
    const prepareIt = (): PreparedOperation => prepare(request, readOnly, caller, options);
    ({ operation } = caller.identity
      ? await options.budgets.paidFor(caller.identity.principal, prepareIt, (standings) =>
          setRateLimitHeaders(exchange, standings),
        )
      : prepareIt());
  } catch (error) {
    const formatted = formatRequestError(error, facts, options.settings.suggestions);
    exchange.sendJson(
      errorRegister[formatted.extensions.code].httpStatus,
      { errors: [formatted] },
      'application/graphql-response+json',
    );
    return;
  }
  if (!caller.identity) {
    exchange.sendError(caller.refusal);
    return;
  }
  await passOn(exchange, operation, caller.identity.principal, request.ingest, options);
}

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown> | undefined;
  readonly operationName: string | undefined;
}

interface PreparedOperation {
  readonly operation: Operation;
  readonly cost: number;
}

function prepare(
  { params, ingest }: HttpOperationRequest,
  readOnly: boolean,
  caller: Caller,
  { stored, settings, schema, documents }: EdgeRouteOptions,
): PreparedOperation {
  const storedOnly = mustBeStored(caller.identity?.principal ?? null, settings);
  const { query, stored: isStored, recordedCost } = stored.resolve(params, storedOnly);
  const { variables = {} } = params;
  checkVariables(variables, settings.limits);
  const document = documents.parse(query, isStored);
  const operation = chosenOperation(document, params.operationName);
  if (readOnly && operation.operation !== 'query') throw new CodedError('INVALID_INPUT', 'Send mutations with POST.');
  const fields = rootFieldsOf(document, operation);
  if (ingest && (fields.length !== 1 || fields[0]!.name.value !== 'ingestTraces')) {
    throw new CodedError('INVALID_INPUT', 'With x-tributary-ingest: 1, ingestTraces must be the only root field.', {
      header: 'x-tributary-ingest',
    });
  }
  if (
    !settings.introspection &&
    fields.some((field) => field.name.value === '__schema' || field.name.value === '__type')
  ) {
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      'The schema cannot be asked for here. It is published in the documentation.',
    );
  }
  const cost = checkCost({ schema, document, operation, variables }, recordedCost ?? settings.limits.cost);
  return { operation: { query, variables: params.variables, operationName: params.operationName }, cost };
}

async function passOn(
  exchange: HttpExchange,
  operation: Operation,
  principal: Principal,
  ingest: boolean,
  options: EdgeRouteOptions,
): Promise<void> {
  const { timeouts } = options.settings;
  const timeoutMs = ingest ? timeouts.ingestMs : timeouts.operationMs;
  let response: Response;
  try {
    response = await fetch(options.routerUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: exchange.header('accept') ?? 'application/json',
        ...traceHeaders(),
        'x-request-id': exchange.requestId,
        [contextHeader]: signContext(principal, {
          audience: 'supergraph',
          requestId: exchange.requestId,
          bodySha256: null,
          secrets: options.secrets,
        }),
      },
      body: JSON.stringify(operation),
      signal: AbortSignal.any([exchange.abortSignal(), AbortSignal.timeout(timeoutMs)]),
    });
  } catch (cause) {
    exchange.sendError(
      new CodedError('SERVICE_UNAVAILABLE', 'The graph is not reachable just now. Try again.', {}, { cause }),
    );
    return;
  }
  const type = response.headers.get('content-type') ?? 'application/json';
  if (!type.includes('json')) {
    exchange.response.writeHead(response.status, { 'content-type': type, 'cache-control': 'no-store' });
    if (response.body)
      await pipeline(Readable.fromWeb(response.body as never), exchange.response).catch(() => undefined);
    else exchange.response.end();
    return;
  }
  const answer = (await response.json().catch(() => null)) as { errors?: unknown[] } | null;
  if (!answer) {
    exchange.sendError(new CodedError('SERVICE_UNAVAILABLE', 'The graph did not answer as it should. Try again.'));
    return;
  }
  const facts = { requestId: exchange.requestId, logger: exchange.logger };
  exchange.sendJson(
    response.status,
    answer.errors ? { ...answer, errors: answer.errors.map((error) => formatRouterError(error, facts)) } : answer,
    type.includes('graphql-response') ? 'application/graphql-response+json' : 'application/json',
  );
}
