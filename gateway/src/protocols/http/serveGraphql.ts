import { CodedError, errorRegister } from '@tributary/contracts/errors';
import { setRateLimitHeaders } from './rateLimitHeaders.js';
import { identifyCaller, type Credentials, type Identity, type IdentityService } from '../../callers/identity.js';
import { Authority } from '../../callers/Authority.js';
import type { LiveConnections } from '../../callers/LiveConnections.js';
import { formatError } from '../../result/formatError.js';
import {
  StreamFailure,
  type ClientEvents,
  type FormattedResult,
  type OperationOutcome,
} from '../../result/operationOutcome.js';
import type { Runner } from '../../runner/Runner.js';
import { serialised } from '../../result/serialised.js';
import { MutationOverGet } from '../../operations/rules/checkReadOnly.js';
import type { GatewaySettings } from '../../settings.js';
import { eventStreamFrames, multipartFrames, type EventFrames } from './eventFrames.js';
import { HttpEvents } from './HttpEvents.js';
import type { HttpExchange } from './HttpExchange.js';
import { acceptedForms, type ResponseForm } from './negotiate.js';
import { requestOfExchange } from './requestOfExchange.js';

export interface GraphqlRouteOptions {
  readonly runner: Runner;
  readonly identity: IdentityService;
  readonly live: LiveConnections;
  readonly settings: GatewaySettings;
}

/** How long it is looked whether a subscription is refused before a client that can read no stream is told of that. */
const refusalMs = 1_000;

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
  const credentials = { authorization: exchange.header('authorization'), apiKey: exchange.header('x-api-key') };
  const caller = await identifyCaller(options.identity, credentials);
  const outcome = await runner.run({
    params: request.params,
    caller,
    requestId: exchange.requestId,
    signal: exchange.abortSignal(),
    ingest: request.ingest,
    readOnly: exchange.request.method === 'GET',
    resumeFrom: exchange.header('last-event-id') || null,
    onBudgetStates: (budgetStates) => setRateLimitHeaders(exchange, budgetStates),
  });
  if (outcome.kind !== 'stream') {
    answerOnce(exchange, outcome, forms);
    return;
  }
  // Nobody else is given a stream.
  const identity = caller.identity!;
  await answerStream(exchange, outcome.events, forms, { ...options, credentials, identity });
}

type SingleOutcome = Exclude<OperationOutcome, { kind: 'stream' }>;

interface StreamOptions extends Pick<GraphqlRouteOptions, 'live' | 'settings'> {
  readonly credentials: Credentials;
  readonly identity: Identity;
}

async function answerStream(
  exchange: HttpExchange,
  events: ClientEvents,
  forms: readonly ResponseForm[],
  { live, settings, credentials, identity }: StreamOptions,
): Promise<void> {
  const frames = forms.map(framesOf).find((found) => found !== null);
  const failureOf = (error: unknown): StreamFailure =>
    new StreamFailure([formatError(error, { requestId: exchange.requestId, logger: exchange.logger })]);
  if (!frames) {
    const refusal = await refusalOf(events);
    await events.return();
    if (refusal) answerOnce(exchange, { kind: 'refused', errors: refusal.errors, cause: refusal }, forms);
    else answerOnce(exchange, notAsStream(failureOf), forms, 406);
    return;
  }
  const stream = new HttpEvents(exchange.response, events, frames, settings.sockets.keepAliveMs);
  let leave: () => void;
  try {
    leave = live.enter({
      credentials,
      principal: identity.principal,
      authority: new Authority(() => identity),
      end: (refusal) => stream.fail(failureOf(refusal)),
    });
  } catch (error) {
    await events.return();
    answerOnce(exchange, { kind: 'refused', errors: failureOf(error).errors, cause: error }, forms);
    return;
  }
  exchange.onStreaming();
  try {
    await stream.write();
  } finally {
    leave();
  }
}

/** Why a subscription is refused; null when it is not, as far as can be told by now. */
async function refusalOf(events: ClientEvents): Promise<StreamFailure | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), refusalMs);
  });
  const begun = events.next().then(
    () => null,
    (error: unknown) => {
      if (error instanceof StreamFailure) return error;
      throw error;
    },
  );
  return Promise.race([begun, late]).finally(() => clearTimeout(timer));
}

function notAsStream(failureOf: (error: unknown) => StreamFailure): SingleOutcome {
  const cause = new CodedError(
    'INVALID_INPUT',
    'A subscription needs Accept: text/event-stream, multipart/mixed;subscriptionSpec=1.0, or graphql-ws.',
  );
  return { kind: 'refused', errors: failureOf(cause).errors, cause };
}

/** Answers what is no stream. `status`: in place of the one that follows from the outcome. */
function answerOnce(
  exchange: HttpExchange,
  outcome: SingleOutcome,
  forms: readonly ResponseForm[],
  status?: number,
): void {
  const result: FormattedResult = outcome.kind === 'result' ? outcome.result : { errors: outcome.errors };
  // A client that takes parts or JSON wants parts for streams only.
  const form = forms.find((candidate) => candidate !== 'multipart') ?? 'multipart';
  const frames = framesOf(form);
  if (frames) {
    exchange.send(200, `${frames.first}${frames.event(result, null)}${frames.end}`, frames.contentType);
    return;
  }
  const isGetMutation = outcome.kind === 'refused' && outcome.cause instanceof MutationOverGet;
  if (isGetMutation) exchange.response.setHeader('allow', 'POST');
  const fitting = isGetMutation ? 405 : form === 'json' ? 200 : statusOf(outcome);
  exchange.send(
    status ?? fitting,
    serialised(result),
    `${form === 'json' ? 'application/json' : 'application/graphql-response+json'}; charset=utf-8`,
  );
}

function framesOf(form: ResponseForm): EventFrames | null {
  if (form === 'eventStream') return eventStreamFrames;
  return form === 'multipart' ? multipartFrames : null;
}

/** With `application/graphql-response+json` the status tells whether anything was executed; with plain JSON it is 200 as soon as the request was sound. */
function statusOf(outcome: SingleOutcome): number {
  return outcome.kind === 'refused'
    ? errorRegister[outcome.errors[0]?.extensions.code ?? 'INTERNAL_ERROR'].httpStatus
    : 200;
}
