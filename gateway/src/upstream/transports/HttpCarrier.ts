import { bodyHash, contextHeader, signContext, type GatewaySecrets } from '@tributary/auth';
import { traceHeaders } from '@tributary/observability';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { Pool, type Dispatcher } from 'undici';
import type { EngineContext } from '../EngineContext.js';
import { CallFailure } from '../calls/CallFailure.js';
import type { CallLimit } from '../calls/CallLimit.js';
import type { SubgraphCall } from '../calls/SubgraphCall.js';
import type { HttpConnection } from '../connections.js';
import { operationText } from './operationText.js';
import { requestContextOf } from './requestContext.js';

export interface HttpCarrierOptions {
  readonly subgraph: string;
  readonly connection: HttpConnection;
  readonly secrets: GatewaySecrets;
}

/** Queries and mutations to a subgraph of another process, over connections that stay open. Each call carries who asks, signed anew for its body. */
export class HttpCarrier {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(private readonly options: HttpCarrierOptions) {
    const { url, tls } = options.connection;
    const { origin, pathname, search } = new URL(url);
    this.path = pathname + search;
    this.pool = new Pool(origin, {
      // Each call has a limit of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(tls ? { connect: { cert: tls.cert, key: tls.key, ca: tls.ca } } : {}),
    });
  }

  /** Throws CallFailure when no answer of a subgraph comes back. */
  async carry(call: SubgraphCall, limit: CallLimit): Promise<ExecutionResult> {
    const body = bodyOf(call);
    const headers = this.headersFor(call.context, body, limit.budgetMs);
    const text = await new Promise<string>((resolve, reject) => {
      const answer = new Answer(resolve, reject);
      limit.onGivenUp((reason) => answer.giveUp(reason));
      this.pool.dispatch({ path: this.path, method: 'POST', headers, body }, answer);
    });
    return resultOf(text);
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private headersFor(context: EngineContext | undefined, body: string, budgetMs: number): Record<string, string> {
    const { secrets, subgraph } = this.options;
    const { principal, requestId, deadline } = requestContextOf(context, budgetMs);
    return {
      'content-type': 'application/json',
      accept: 'application/json',
      ...traceHeaders(),
      [contextHeader]: signContext(principal, { audience: subgraph, requestId, bodySha256: bodyHash(body), secrets }),
      'x-request-id': requestId,
      'x-tributary-deadline-ms': String(Math.floor(deadline.remaining())),
    };
  }
}

/** Gathers the text of one answer. */
class Answer implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | null = null;
  private givenUp: Error | null = null;

  constructor(
    private readonly resolve: (text: string) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  giveUp(reason: unknown): void {
    this.givenUp = reason instanceof Error ? reason : new Error('The call was given up.', { cause: reason });
    this.controller?.abort(this.givenUp);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.givenUp) controller.abort(this.givenUp);
  }

  /** undici asks for it. A status says nothing that the body does not. */
  onResponseStart(): void {
    return;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const { chunks } = this;
    this.resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8'));
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    this.reject(new CallFailure('unreachable', 1, { cause }));
  }
}

function bodyOf({ document, variables, operationName }: SubgraphCall): string {
  const query = operationText(document).json;
  const named = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return `{"query":${query}${variables === undefined ? '' : `,"variables":${JSON.stringify(variables)}`}${named}}`;
}

function resultOf(text: string): ExecutionResult {
  const result = parsed(text);
  if (typeof result !== 'object' || result === null || !('data' in result || 'errors' in result))
    throw noAnswer(new Error(`It has neither data nor errors: ${text.slice(0, 200)}`));
  const { data, errors, extensions } = result as ExecutionResult;
  const beside = extensions ? { extensions } : {};
  if (!Array.isArray(errors) || errors.length === 0) {
    if (data === null || data === undefined) throw noAnswer(new Error('It has neither data nor errors.'));
    return { data, ...beside };
  }
  return { data: data ?? null, errors: errors.map(asGraphqlError), ...beside };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw noAnswer(cause);
  }
}

function asGraphqlError({ message, path, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(String(message), { path, extensions });
}

function noAnswer(cause: unknown): CallFailure {
  return new CallFailure('invalid_response', 1, { cause });
}
