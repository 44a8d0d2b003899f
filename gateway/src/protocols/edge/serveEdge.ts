import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contextHeader, signContext, type GatewaySecrets } from '@tributary/auth';
import { CodedError, errorRegister, type ErrorCode } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';
import { traceHeaders } from '@tributary/observability';
import type { CallerBudgets } from '../../callers/CallerBudgets.js';
import { setRateLimitHeaders } from '../http/rateLimitHeaders.js';
import { jsonForms } from '../http/negotiate.js';
import { requestOfExchange, type HttpOperationRequest } from '../http/requestOfExchange.js';
import type { HttpExchange } from '../http/HttpExchange.js';
import { identifyCaller, type Caller, type IdentityService } from '../../callers/identity.js';
import { checkCost } from '../../operations/checkCost.js';
import { checkVariables } from '../../operations/checkInput.js';
import { checkListLengths } from '../../operations/checkListLengths.js';
import type { Documents } from '../../operations/Documents.js';
import type { GraphFacts } from '../../operations/GraphFacts.js';
import type { KnownOperation } from '../../operations/KnownOperation.js';
import { getVariableValues } from 'graphql';
import { readValidDocument, maxErrors, type ValidateDocument } from '../../operations/readValidDocument.js';
import { hasFailed } from '../../runner/operationMetrics.js';
import { formatError, formatRequestErrors } from '../../result/formatError.js';
import { mustBeStored } from '../../operations/mustBeStored.js';
import { MutationOverGet } from '../../operations/rules/checkReadOnly.js';
import { checkRules } from '../../operations/rules/checkRules.js';
import { signedOutAnswer } from '../../operations/rules/signedOutAnswer.js';
import type { StoredOperations } from '../../operations/StoredOperations.js';
import type { UsedOperations } from '../../operations/UsedOperations.js';
import type { GatewaySettings } from '../../settings.js';
import { formatRouterAnswer } from './routerErrors.js';

export interface EdgeRouteOptions {
  /** Where the router answers GraphQL. */
  readonly routerUrl: string;
  readonly secrets: GatewaySecrets;
  readonly identity: IdentityService;
  readonly settings: GatewaySettings;
  readonly stored: StoredOperations;
  readonly used: UsedOperations | null;
  readonly budgets: CallerBudgets;
  readonly documents: Documents;
  /** What operations are judged by. */
  readonly graph: GraphFacts;
  readonly validateDocument: ValidateDocument;
}

/**
 * Does for another router what it does not do itself: signs the caller in, finds stored operations, keeps the limits, and
 * sends the operation on with a signed context. The context is for the whole supergraph and bound to no body, because
 * the router makes the subgraphs' bodies itself; subgraphs take it only where they are configured to.
 */
export async function serveEdge(exchange: HttpExchange, options: EdgeRouteOptions): Promise<EdgeOutcome> {
  const request = await requestOfExchange(exchange, options.settings);
  if (!request) return { operation: 'none', outcome: 'refused' };
  const caller = await identifyCaller(options.identity, {
    authorization: exchange.header('authorization'),
    apiKey: exchange.header('x-api-key'),
  });
  const facts = { requestId: exchange.requestId, logger: exchange.logger };
  let operation: Operation;
  let known: KnownOperation;
  try {
    const readOnly = exchange.request.method === 'GET';
    const prepareIt = (): PreparedOperation => prepare(request, readOnly, caller, options);
    if (!caller.identity) {
      const answer = signedOutAnswer(prepareIt().known, options.graph.schema, caller.refusal);
      // Whatever is passed on is signed for somebody, even where anybody might know the answer.
      if (!answer) throw caller.refusal;
      const errors = answer.errors!.map((error) => formatError(error, facts));
      exchange.failure = errors[0]!.extensions.code;
      exchange.sendJson(200, { errors, data: answer.data }, answerFormOf(exchange).contentType);
      return { operation: 'query', outcome: 'result' };
    }
    exchange.workspaceId = caller.identity.principal.workspaceId;
    ({ operation, known } = await options.budgets.paidFor(caller.identity.principal, prepareIt, (budgetStates) =>
      setRateLimitHeaders(exchange, budgetStates),
    ));
  } catch (error) {
    const errors = formatRequestErrors(error, facts, options.settings.suggestions);
    exchange.failure = errors[0]!.extensions.code;
    const isGetMutation = error instanceof MutationOverGet;
    if (isGetMutation) exchange.response.setHeader('allow', 'POST');
    const { contentType, refused } = answerFormOf(exchange);
    exchange.sendJson(isGetMutation ? 405 : refused(errors[0]!.extensions.code), { errors }, contentType);
    return { operation: 'none', outcome: hasFailed(errors) ? 'failed' : 'refused' };
  }
  const failed = await passOn(exchange, operation, caller.identity.principal, request.ingest, options);
  return { operation: known.definition.operation, outcome: failed ? 'failed' : 'result' };
}

/** As the gateway answers: with plain JSON 200 as soon as the request was sound, else the status of what was refused. */
function answerFormOf(exchange: HttpExchange): {
  readonly contentType: 'application/json' | 'application/graphql-response+json';
  readonly refused: (code: ErrorCode) => number;
} {
  const [form] = jsonForms(exchange.header('accept'));
  return form === 'json'
    ? { contentType: 'application/json', refused: () => 200 }
    : { contentType: 'application/graphql-response+json', refused: (code) => errorRegister[code].httpStatus };
}

/** How an operation went, as the metrics count it. */
export interface EdgeOutcome {
  /** `none` when it was refused before it was known what it is. */
  readonly operation: 'query' | 'mutation' | 'subscription' | 'none';
  readonly outcome: 'refused' | 'failed' | 'result';
}

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown> | undefined;
  readonly operationName: string | undefined;
}

interface PreparedOperation {
  readonly known: KnownOperation;
  readonly operation: Operation;
  readonly cost: number;
}

function prepare(
  { params, ingest }: HttpOperationRequest,
  readOnly: boolean,
  caller: Caller,
  { stored, used, settings, documents, graph, validateDocument }: EdgeRouteOptions,
): PreparedOperation {
  const storedOnly = mustBeStored(caller.identity?.principal ?? null, settings);
  const {
    query,
    stored: isStored,
    storedId,
    recordedCost,
  } = stored.resolve(params, storedOnly, caller.identity?.principal.actor.kind === 'apiKey');
  const { variables = {} } = params;
  checkVariables(variables, settings.limits);
  const document = readValidDocument(query, isStored, { documents, settings, validate: validateDocument });
  const known = document.operation(params.operationName);
  checkListLengths(known, variables, settings.limits, graph);
  const cost = checkCost(known, variables, recordedCost ?? settings.limits.cost);
  checkRules(known, { ingest, readOnly, introspection: settings.introspection }, graph);
  // Each router says in words of its own what is wrong with an operation: what reaches it is valid.
  const coerced = getVariableValues(graph.schema, known.definition.variableDefinitions ?? [], variables, { maxErrors });
  if (coerced.errors) throw new AggregateError(coerced.errors);
  if (storedId !== null && caller.identity) used?.note(caller.identity.principal.workspaceId, storedId);
  return { known, operation: { query, variables: params.variables, operationName: params.operationName }, cost };
}

/** Resolves to whether it failed by our doing, whole or in part. */
async function passOn(
  exchange: HttpExchange,
  operation: Operation,
  principal: Principal,
  ingest: boolean,
  options: EdgeRouteOptions,
): Promise<boolean> {
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
    return true;
  }
  const type = response.headers.get('content-type') ?? 'application/json';
  if (!type.includes('json')) {
    exchange.response.writeHead(response.status, { 'content-type': type, 'cache-control': 'no-store' });
    if (response.body)
      await pipeline(Readable.fromWeb(response.body as never), exchange.response).catch(() => undefined);
    else exchange.response.end();
    return response.status >= 500;
  }
  const given = (await response.json().catch(() => null)) as { errors?: unknown[]; extensions?: object } | null;
  if (!given) {
    exchange.sendError(new CodedError('SERVICE_UNAVAILABLE', 'The graph did not answer as it should. Try again.'));
    return true;
  }
  const facts = { requestId: exchange.requestId, logger: exchange.logger };
  const answer = formatRouterAnswer(given, facts);
  exchange.failure = answer.errors?.[0]?.extensions.code ?? null;
  exchange.sendJson(
    response.status,
    answer,
    type.includes('graphql-response') ? 'application/graphql-response+json' : 'application/json',
  );
  return hasFailed(answer.errors ?? []);
}
