import type { CommandClient } from '@tributary/commands';
import { otlpTracesCommand, type OtlpOutcome } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { Deadline } from '@tributary/kernel';
import type { CallerBudgets } from '../../../callers/CallerBudgets.js';
import { identifyCaller, type IdentityService } from '../../../callers/identity.js';
import { commandWithBody } from '../../http/commandWithBody.js';
import type { HttpExchange } from '../../http/HttpExchange.js';
import { setRateLimitHeaders } from '../../http/rateLimitHeaders.js';
import type { RestRoute } from '../../http/RestRoute.js';
import { sendOtlpError, sendOtlpOutcome } from './otlpAnswer.js';
import { otlpFormat, requestForm } from './otlpForms.js';

export interface OtlpRouteOptions {
  readonly commands: CommandClient;
  readonly identity: IdentityService;
  /** A request counts as one, and 1 cost for each 100 spans. Absent: it is not counted. */
  readonly budgets?: CallerBudgets;
  /** As it is sent, zipped or not. Default 64 MiB; metrics says how much there may be unzipped. */
  readonly maxBytes?: number;
  /** For a request, whole. Default 60 s. */
  readonly timeoutMs?: number;
}

const defaultBytes = 64 * 1024 * 1024;
const spansForOneCost = 100;

/**
 * OTLP/HTTP: `POST /v1/traces`, also with the prefix /otlp, in protobuf or JSON, gzip or not. So an exporter needs two settings, an address and a key.
 * The header `x-tributary-count-usage: run` says that the sender reports runs alone, and no calls of models.
 */
export function otlpRoutes(options: OtlpRouteOptions): RestRoute[] {
  return ['/v1/traces', '/otlp/v1/traces'].map((path) => ({
    method: 'POST' as const,
    path,
    event: 'ingest' as const,
    handle: (exchange) => answer(exchange, options),
  }));
}

async function answer(exchange: HttpExchange, options: OtlpRouteOptions): Promise<void> {
  try {
    sendOtlpOutcome(exchange, await take(exchange, options));
  } catch (error) {
    sendOtlpError(exchange, error, otlpFormat(exchange) ?? 'json');
  }
}

async function take(exchange: HttpExchange, options: OtlpRouteOptions): Promise<OtlpOutcome> {
  const caller = await identifyCaller(options.identity, {
    authorization: exchange.header('authorization'),
    apiKey: exchange.header('x-api-key'),
  });
  if (!caller.identity) throw caller.refusal;
  const { principal } = caller.identity;
  exchange.workspaceId = principal.workspaceId;
  if (options.budgets) {
    const { budgetStates, refusal } = await options.budgets.spend(principal, 0);
    setRateLimitHeaders(exchange, budgetStates);
    if (refusal) throw refusal;
  }
  const form = requestForm(exchange);
  const maxBytes = options.maxBytes ?? defaultBytes;
  const tooLarge = (): CodedError =>
    new CodedError('QUOTA_EXCEEDED', `A request has at most ${maxBytes} bytes.`, {
      limit: 'otlpBytes',
      mostBytes: maxBytes,
    });
  if (Number(exchange.header('content-length') ?? 0) > maxBytes) throw tooLarge();
  const context = { principal, requestId: exchange.requestId, deadline: Deadline.in(options.timeoutMs ?? 60_000) };
  const passed = { maxBytes, tooLarge, brokenOff: () => new CodedError('INVALID_INPUT', 'The body was broken off.') };
  const outcome = await commandWithBody(exchange, passed, (body) =>
    options.commands.stream(otlpTracesCommand, form, body, context),
  );
  await options.budgets?.charge(principal, Math.ceil(outcome.spans / spansForOneCost));
  return outcome;
}
