import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CodedError, newUuid } from '@tributary/kernel';
import { gauge, type Logger } from '@tributary/observability';
import { Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type Context, type Server } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { isAllowedOrigin } from '../http/cors.js';
import { identifyCaller, type Caller, type Credentials, type IdentityService } from '../identity.js';
import { formatError } from '../operations/formatError.js';
import { readOperationParams } from '../operations/operationParams.js';
import { StreamFailure, type FormattedResult, type OperationOutcome } from '../operations/operationOutcome.js';
import type { OperationRunner } from '../operations/OperationRunner.js';
import type { GatewaySettings } from '../settings.js';
import { closeCodes } from './closeCodes.js';
import { RefusedOperation } from './RefusedOperation.js';
import { SocketEvents } from './SocketEvents.js';
import { TokenBucket } from './TokenBucket.js';

export interface SocketServerOptions {
  readonly runner: OperationRunner;
  readonly identity: IdentityService;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

interface SocketState {
  readonly socket: WebSocket;
  readonly bucket: TokenBucket;
  readonly gone: AbortController;
  /** Set by connection_init. */
  caller: Caller | null;
  credentials: Credentials;
  expiry: NodeJS.Timeout | null;
}

const openSockets = gauge('tributary_gateway_sockets', 'Open graphql-ws sockets of clients.');

/** How often it is asked whether the credentials behind open sockets still hold. */
const recheckMs = 1_500;

/** Node's longest timer; a token that lives longer outlives any socket. */
const longestTimerMs = 2_147_483_647;

/** graphql-ws for clients, on the same path and port as HTTP. */
export class SocketServer {
  private readonly sockets = new Map<WebSocket, SocketState>();
  private readonly server: WebSocketServer;
  private readonly protocol: Server<SocketState>;
  private readonly recheck: NodeJS.Timeout;

  constructor(private readonly options: SocketServerOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: options.settings.sockets.messageBytes,
      handleProtocols,
      clientTracking: false,
    });
    this.protocol = this.makeProtocol();
    this.recheck = setInterval(() => void this.closeRevoked(), recheckMs);
    this.recheck.unref();
  }

  /** Takes over an HTTP connection that asks for a WebSocket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    if (!isAllowedOrigin(request.headers.origin, request.headers.host, this.options.settings.corsOrigins)) {
      connection.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, connection, head, (socket) => this.opened(socket));
  }

  /** Closes every socket with 4442, evenly over `spreadMs`. Resolves when all are told. */
  async drain(spreadMs: number): Promise<void> {
    const sockets = [...this.sockets.keys()];
    for (const [index, socket] of sockets.entries()) {
      if (index > 0 && spreadMs > 0) await new Promise((resolve) => setTimeout(resolve, spreadMs / sockets.length));
      socket.close(closeCodes.drain, 'drain');
    }
  }

  /** Ends whatever is still open. */
  close(): void {
    clearInterval(this.recheck);
    for (const socket of this.sockets.keys()) socket.terminate();
    this.server.close();
  }

  private opened(socket: WebSocket): void {
    const { settings, logger } = this.options;
    const state: SocketState = {
      socket,
      bucket: new TokenBucket(settings.sockets.burst, settings.sockets.refillPerSecond),
      gone: new AbortController(),
      caller: null,
      credentials: {},
      expiry: null,
    };
    this.sockets.set(socket, state);
    openSockets.set(this.sockets.size);
    const stopPinging = keepAlive(socket, settings.sockets.keepAliveMs);
    let receive: (text: string) => Promise<void> = () => Promise.resolve();
    const closed = this.protocol.opened(
      {
        protocol: socket.protocol,
        // Awaited by graphql-ws before the next event is read: so a client that does not read holds up its own stream only.
        send: (text) => sendTo(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listener) => (receive = listener),
      },
      state,
    );
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.close(4400, 'Only text messages are taken.');
        return;
      }
      receive(withQuery((data as Buffer).toString())).catch((error: unknown) => {
        logger.error({ err: error }, 'A socket message could not be handled.');
        socket.close(4500, 'Internal server error');
      });
    });
    socket.on('error', (error) => logger.debug({ err: error }, 'A socket broke.'));
    socket.once('close', (code, reason) => {
      stopPinging();
      if (state.expiry) clearTimeout(state.expiry);
      this.sockets.delete(socket);
      openSockets.set(this.sockets.size);
      state.gone.abort();
      void closed(code, String(reason));
    });
  }

  private makeProtocol(): Server<SocketState> {
    const { settings } = this.options;
    return makeServer<Record<string, unknown>, SocketState>({
      connectionInitWaitTimeout: settings.sockets.initMs,
      onConnect: (context) => this.connect(context),
      onSubscribe: (context, id, payload) => this.subscribe(context, id, payload),
      execute: (args) => (args.contextValue as Answered).answer as never,
      subscribe: (args) => (args.contextValue as Answered).answer as never,
      onNext: (_context, _id, _payload, _args, result) => result,
      onError: (_context, _id, _payload, errors) => errors.flatMap((error) => formattedOf(error)) as never,
    });
  }

  private async connect(context: Context<Record<string, unknown>, SocketState>): Promise<boolean> {
    const state = context.extra;
    state.credentials = credentialsOf(context.connectionParams ?? {});
    const caller = await identifyCaller(this.options.identity, state.credentials);
    state.caller = caller;
    if (caller.refusal && (state.credentials.authorization !== undefined || state.credentials.apiKey !== undefined)) {
      state.socket.close(closeCodes.forbidden, caller.refusal.code);
      // graphql-ws acknowledges on return, which a closing socket drops.
      return true;
    }
    if (caller.identity?.expiresAt) this.closeAtExpiry(state, caller.identity.expiresAt);
    return true;
  }

  private closeAtExpiry(state: SocketState, expiresAt: Date): void {
    const left = Math.min(longestTimerMs, Math.max(0, expiresAt.getTime() - Date.now()));
    state.expiry = setTimeout(() => state.socket.close(closeCodes.expired, 'expired'), left);
    state.expiry.unref();
  }

  /** Sockets of one person or key are asked for once. */
  private async closeRevoked(): Promise<void> {
    const found = new Map<string, Promise<Caller>>();
    for (const [socket, state] of this.sockets) {
      if (!state.caller?.identity) continue;
      const key = JSON.stringify(state.credentials);
      const again = found.get(key) ?? identifyCaller(this.options.identity, state.credentials);
      found.set(key, again);
      const { refusal } = await again;
      // Whoever cannot be asked just now is not taken for one who said no.
      if (!refusal || refusal.code === 'SERVICE_UNAVAILABLE') continue;
      this.closeObjected(socket, refusal);
    }
  }

  private closeObjected(socket: WebSocket, { code }: CodedError): void {
    if (code === 'EXPIRED_TOKEN') socket.close(closeCodes.expired, 'expired');
    else socket.close(closeCodes.revoked, 'revoked');
  }

  private async subscribe(
    context: Context<Record<string, unknown>, SocketState>,
    id: string,
    payload: unknown,
  ): Promise<SubscribeAnswer> {
    const requestId = newUuid();
    try {
      this.checkLimits(context);
      const params = readOperationParams(payload);
      const outcome = await this.options.runner.run({
        params,
        caller: context.extra.caller!,
        requestId,
        signal: context.extra.gone.signal,
        onObjection: (objection) => this.closeObjected(context.extra.socket, objection),
      });
      return answerOf(outcome, id, (message) => sendTo(context.extra.socket, message));
    } catch (error) {
      return [new RefusedOperation(formatError(error, { requestId, logger: this.options.logger }))];
    }
  }

  private checkLimits(context: Context<Record<string, unknown>, SocketState>): void {
    const { sockets } = this.options.settings;
    const wait = context.extra.bucket.take();
    if (wait !== null)
      throw new CodedError('RATE_LIMIT_EXCEEDED', 'Too many operations on this socket.', { retryAfterSeconds: wait });
    // The one that is being opened is counted among them.
    if (Object.keys(context.subscriptions).length > sockets.operations) {
      throw new CodedError('QUOTA_EXCEEDED', `A socket may have ${sockets.operations} operations at once.`, {
        limit: 'operations',
        most: sockets.operations,
      });
    }
  }
}

interface Answered {
  readonly answer: FormattedResult | AsyncGenerator<FormattedResult, void, void>;
}

type SubscribeAnswer = GraphQLError[] | { schema: never; document: DocumentNode; contextValue: Answered };

function sendTo(socket: WebSocket, message: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(message, asText, () => resolve());
    else resolve();
  });
}

const asText = { binary: false };

function answerOf(outcome: OperationOutcome, id: string, send: (message: Buffer) => Promise<void>): SubscribeAnswer {
  if (outcome.kind === 'refused') return outcome.errors.map((error) => new RefusedOperation(error));
  const answer = outcome.kind === 'result' ? outcome.result : new SocketEvents(id, outcome.events, send);
  return { schema: undefined as never, document: ranAlready, contextValue: { answer } };
}

/** graphql-ws wants a document to choose between execute and subscribe; the operation has run by then, and both hand out its answer. */
const ranAlready: DocumentNode = {
  kind: Kind.DOCUMENT,
  definitions: [
    {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.SUBSCRIPTION,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [] },
    },
  ],
};

function formattedOf(error: GraphQLError): readonly unknown[] {
  const original = error.originalError;
  return original instanceof StreamFailure ? original.errors : [error.toJSON()];
}

/** A stored operation has no "query", which graphql-ws wants to see in every subscribe message. */
function withQuery(text: string): string {
  if (!text.includes('"documentId"') && !text.includes('"persistedQuery"')) return text;
  try {
    const message = JSON.parse(text) as { type?: unknown; payload?: Record<string, unknown> | null };
    if (message.type !== 'subscribe' || typeof message.payload !== 'object' || message.payload === null) return text;
    return JSON.stringify({ ...message, payload: { query: '', ...message.payload } });
  } catch {
    return text;
  }
}

function credentialsOf(shown: Record<string, unknown>): Credentials {
  return {
    authorization: textOf(shown, 'authorization', 'Authorization'),
    apiKey: textOf(shown, 'apiKey', 'x-api-key', 'X-API-Key'),
  };
}

function textOf(shown: Record<string, unknown>, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = shown[name];
    if (value !== undefined && value !== null) return typeof value === 'string' ? value : '';
  }
  return undefined;
}

function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, everyMs);
  timer.unref();
  socket.on('pong', () => (answered = true));
  return () => clearInterval(timer);
}
