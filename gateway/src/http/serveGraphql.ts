import { CodedError, errorRegister } from '@tributary/kernel';
import { setRateLimitHeaders } from '../budgets/rateLimitHeaders.js';
import { identifyCaller, type IdentityService } from '../identity.js';
import type { FormattedResult, OperationOutcome } from '../operations/operationOutcome.js';
import type { OperationRunner } from '../operations/OperationRunner.js';
import { MutationOverGet } from '../plugins/useReadOnlyGet.js';
import type { GatewaySettings } from '../settings.js';
import type { HttpExchange } from './HttpExchange.js';
import { acceptedForms, type ResponseForm } from './negotiate.js';
import { requestOfExchange } from './requestOfExchange.js';
import { eventStreamFrames, multipartFrames, writeEvents } from './writeEvents.js';

export interface GraphqlRouteOptions {
  readonly runner: OperationRunner;
  readonly identity: IdentityService;
  readonly settings: GatewaySettings;
}

/** GraphQL over HTTP: POST, GET for queries, server-sent events and multipart subscriptions. Never throws. */
export async function serveGraphql(exchange: HttpExchange, options: GraphqlRouteOptions): Promise<void> {
  const { settings, runner } = options;
  const forms = acceptedForms(exchange.header('accept'));
  if (forms.length === 0) {
    exchange.sendError(
      new CodedError(
        'INVALID_INPUT',
        'Accept application/graphql-response+json, application/json, text/event-stream or multipart/mixed;subscriptionSpec=1.0.',
      ),
      406,
    );
    return;
  }
  const request = await requestOfExchange(exchange, settings);
  if (!request) return;
  const outcome = await runner.run({
    params: request.params,
    caller: await identifyCaller(options.identity, {
      authorization: exchange.header('authorization'),
      apiKey: exchange.header('x-api-key'),
    }),
    requestId: exchange.requestId,
    signal: exchange.abortSignal(),
    ingest: request.ingest,
    readOnly: exchange.request.method === 'GET',
    onStandings: (standings) => setRateLimitHeaders(exchange, standings),
  });
  await answer(exchange, outcome, forms, settings.sockets.keepAliveMs);
}

async function answer(
  exchange: HttpExchange,
  outcome: OperationOutcome,
  forms: readonly ResponseForm[],
  keepAliveMs: number,
): Promise<void> {
  if (outcome.kind === 'stream') {
    const form = forms.find((candidate) => candidate === 'eventStream' || candidate === 'multipart');
    if (form) {
      exchange.becameStream();
      await writeEvents(
        exchange.response,
        outcome.events,
        form === 'eventStream' ? eventStreamFrames : multipartFrames,
        keepAliveMs,
      );
      return;
    }
    await outcome.events.return();
    exchange.sendError(
      new CodedError(
        'INVALID_INPUT',
        'A subscription needs Accept: text/event-stream, multipart/mixed;subscriptionSpec=1.0, or graphql-ws.',
      ),
      406,
    );
    return;
  }
  const result: FormattedResult = outcome.kind === 'result' ? outcome.result : { errors: outcome.errors };
  // A client that takes parts or JSON wants parts for streams only.
  const form = forms.find((candidate) => candidate !== 'multipart') ?? 'multipart';
  if (form === 'eventStream' || form === 'multipart') {
    await writeEvents(
      exchange.response,
      only(result),
      form === 'eventStream' ? eventStreamFrames : multipartFrames,
      keepAliveMs,
    );
    return;
  }
  const isGetMutation = outcome.kind === 'refused' && outcome.cause instanceof MutationOverGet;
  if (isGetMutation) exchange.response.setHeader('allow', 'POST');
  const status = isGetMutation ? 405 : form === 'json' ? 200 : statusOf(outcome);
  exchange.sendJson(status, result, form === 'json' ? 'application/json' : 'application/graphql-response+json');
}

async function* only(result: FormattedResult): AsyncGenerator<FormattedResult, void, void> {
  yield await Promise.resolve(result);
}

/** With `application/graphql-response+json` the status tells whether anything was executed; with plain JSON it is 200 as soon as the request was sound. */
function statusOf(outcome: OperationOutcome): number {
  return outcome.kind === 'refused'
    ? errorRegister[outcome.errors[0]?.extensions.code ?? 'INTERNAL_ERROR'].httpStatus
    : 200;
}
