import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import { gauge, type Logger } from '@tributary/observability';
import { Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type Context, type Server } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { isAllowedOrigin } from '../http/cors.js';
import {
  identifyCaller,
  type Caller,
  type Credentials,
  type Identity,
  type IdentityService,
} from '../../callers/identity.js';
import { Authority } from '../../callers/Authority.js';
import type { LiveConnection, LiveConnections } from '../../callers/LiveConnections.js';
import { formatError } from '../../result/formatError.js';
import { readOperationParams } from '../../operations/operationParams.js';
import {
  StreamFailure,
  type ClientEvents,
  type FormattedResult,
  type OperationOutcome,
} from '../../result/operationOutcome.js';
import type { Runner } from '../../runner/Runner.js';
import type { GatewaySettings } from '../../settings.js';
import { closeCodes } from '@tributary/contracts/closeCodes';
import { JointWrites, type ClientConnection } from './JointWrites.js';
import { keepAlive } from './keepAlive.js';
import { lostInMessage } from './lostInMessage.js';
import { OperationRate } from './OperationRate.js';
import { hasSameAuthority, isSameHolder } from './sameHolder.js';
import { RefusedOperation } from './RefusedOperation.js';
import { SocketEvents } from './SocketEvents.js';
import { credentialsOfUpgrade, credentialsOfPayload } from './socketCredentials.js';
import { withQuery } from './withQuery.js';

export interface SocketServerOptions {
  readonly runner: Runner;
  readonly identity: IdentityService;
  readonly live: LiveConnections;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

interface SocketState extends ClientConnection {
  readonly rate: OperationRate;
  readonly gone: AbortController;
  readonly authority: Authority;
  /** Of operations whose messages were found wrong before graphql-ws read them. */
  readonly refusals: Map<string, CodedError>;
  /** Set by connection_init, and anew by a ping that brings a new token. */
  caller: Caller | null;
  credentials: Credentials;
}

const openSockets = gauge('tributary_gateway_sockets', 'Open graphql-ws sockets of clients.');

/** graphql-ws for clients, on the same path and port as HTTP. */
export class SocketServer {
  private readonly sockets = new Map<WebSocket, SocketState>();
  private readonly server: WebSocketServer;
  private readonly protocol: Server<SocketState>;
  private readonly writes = new JointWrites();

  constructor(private readonly options: SocketServerOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: options.settings.sockets.messageBytes,
      handleProtocols,
      clientTracking: false,
    });
    this.protocol = this.makeProtocol();
  }

  /** Takes over an HTTP connection that asks for a WebSocket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    if (!isAllowedOrigin(request.headers.origin, request.headers.host, this.options.settings.corsOrigins)) {
      refuseOrigin(connection, this.options.logger);
      return;
    }
    const shown = credentialsOfUpgrade(request);
    this.server.handleUpgrade(request, connection, head, (socket) => this.opened(socket, connection, shown));
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
    for (const socket of this.sockets.keys()) socket.terminate();
    this.server.close();
  }

  private opened(socket: WebSocket, connection: Duplex, shownOnUpgrade: Credentials): void {
    const { settings, logger } = this.options;
    const state: SocketState = {
      socket,
      connection,
      rate: new OperationRate(settings.sockets.burst, settings.sockets.refillPerSecond),
      gone: new AbortController(),
      refusals: new Map(),
      caller: null,
      credentials: shownOnUpgrade,
      authority: new Authority(
        () => state.caller?.identity ?? null,
        (refusal) => this.closeRefused(socket, refusal),
      ),
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
        onPing: (payload) => this.pinged(state, payload),
      },
      state,
    );
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.close(4400, 'Only text messages are taken.');
        return;
      }
      const text = (data as Buffer).toString();
      const lost = lostInMessage(text);
      if (lost) state.refusals.set(lost.id, lost.refusal);
      receive(withQuery(text)).catch((error: unknown) => {
        logger.error({ err: error }, 'A socket message could not be handled.');
        socket.close(4500, 'Internal server error');
      });
    });
    socket.on('error', (error) => logger.debug({ err: error }, 'A socket broke.'));
    socket.once('close', (code, reason) => {
      stopPinging();
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

  private async connect(context: Context<Record<string, unknown>, SocketState>): Promise<boolean | Term> {
    const state = context.extra;
    const shown = credentialsOfPayload(context.connectionParams ?? {});
    // Clients without connection params of their own send headers with the upgrade.
    if (shown.authorization !== undefined || shown.apiKey !== undefined) state.credentials = shown;
    const caller = await identifyCaller(this.options.identity, state.credentials);
    state.caller = caller;
    // graphql-ws acknowledges on return, which a closing socket drops.
    if (!caller.identity) {
      if (state.credentials.authorization !== undefined || state.credentials.apiKey !== undefined)
        state.socket.close(closeCodeOf(caller.refusal), caller.refusal.code);
      return true;
    }
    if (!this.enter(state, caller)) return true;
    return termOf(caller.identity) ?? true;
  }

  private enter(state: SocketState, caller: SignedIn): boolean {
    const gone = state.gone.signal;
    if (gone.aborted) return false;
    const connection: LiveConnection = {
      get credentials() {
        return state.credentials;
      },
      principal: caller.identity.principal,
      authority: state.authority,
      end: (refusal) => this.closeRefused(state.socket, refusal),
    };
    try {
      gone.addEventListener('abort', this.options.live.enter(connection), { once: true });
      return true;
    } catch (error) {
      state.socket.close(closeCodes.quota, isCodedError(error) ? error.code : '');
      return false;
    }
  }

  /** The protocol lets a ping carry anything: one that carries credentials takes the place of those that the socket had. */
  private async pinged(state: SocketState, payload: unknown): Promise<void> {
    const shown = credentialsOfPayload(isObject(payload) ? payload : {});
    if (shown.authorization === undefined && shown.apiKey === undefined) return pong(state.socket, payload);
    if (state.rate.take() !== null) return pong(state.socket, { refusal: 'RATE_LIMIT_EXCEEDED' });
    const { caller: before } = state;
    const caller = await identifyCaller(this.options.identity, shown);
    if (caller.refusal?.code === 'SERVICE_UNAVAILABLE') return pong(state.socket, { refusal: caller.refusal.code });
    if (!caller.identity || !before?.identity || !isSameHolder(before.identity.principal, caller.identity.principal)) {
      state.socket.close(closeCodes.forbidden, caller.refusal?.code ?? 'INVALID_CREDENTIALS');
      return;
    }
    // What is open was begun with the authority of before.
    if (!hasSameAuthority(before.identity.principal, caller.identity.principal)) {
      state.socket.close(closeCodes.expired, 'expired');
      return;
    }
    state.caller = caller;
    state.credentials = shown;
    await pong(state.socket, termOf(caller.identity) ?? {});
  }

  private closeRefused(socket: WebSocket, { code }: CodedError): void {
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
      const refusal = context.extra.refusals.get(id);
      if (refusal) throw refusal;
      const params = readOperationParams(payload);
      const outcome = await this.options.runner.run({
        params,
        caller: context.extra.caller!,
        requestId,
        signal: context.extra.gone.signal,
        authority: context.extra.authority,
      });
      return answerOf(outcome, (events) => new SocketEvents(id, events, context.extra, this.writes));
    } catch (error) {
      return [new RefusedOperation(formatError(error, { requestId, logger: this.options.logger }))];
    } finally {
      context.extra.refusals.delete(id);
    }
  }

  private checkLimits(context: Context<Record<string, unknown>, SocketState>): void {
    const { sockets } = this.options.settings;
    const wait = context.extra.rate.take();
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

/** What new credentials or another try may mend is forbidden for now; everything else will never do. */
function closeCodeOf({ code }: CodedError): number {
  return code === 'EXPIRED_TOKEN' || code === 'SERVICE_UNAVAILABLE' ? closeCodes.forbidden : closeCodes.unauthorized;
}

type SignedIn = Caller & { readonly identity: Identity };

/** For how long the credentials of a socket hold: told in connection_ack and in the pong to new ones. */
interface Term extends Record<string, unknown> {
  readonly expiresInSeconds: number;
}

function termOf({ expiresAt }: Identity): Term | null {
  if (!expiresAt) return null;
  return { expiresInSeconds: Math.max(0, (expiresAt.getTime() - Date.now()) / 1000) };
}

function pong(socket: WebSocket, payload: unknown): Promise<void> {
  return sendTo(socket, JSON.stringify({ type: 'pong', ...(payload === undefined ? {} : { payload }) }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refuseOrigin(connection: Duplex, logger: Logger): void {
  const refusal = new CodedError('INSUFFICIENT_PERMISSIONS', 'Pages of this origin may not open a socket here.', {
    header: 'origin',
  });
  const body = JSON.stringify({ errors: [formatError(refusal, { requestId: newUuid(), logger })] });
  connection.end(
    `HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

interface Answered {
  readonly answer: FormattedResult | AsyncGenerator<FormattedResult, void, void>;
}

type SubscribeAnswer = GraphQLError[] | { schema: never; document: DocumentNode; contextValue: Answered };

/** Resolves, later, when the connection has taken the message or is closed. */
function sendTo(socket: WebSocket, message: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(message, () => resolve());
    else process.nextTick(resolve);
  });
}

function answerOf(outcome: OperationOutcome, written: (events: ClientEvents) => SocketEvents): SubscribeAnswer {
  if (outcome.kind === 'refused') return outcome.errors.map((error) => new RefusedOperation(error));
  const answer = outcome.kind === 'result' ? outcome.result : written(outcome.events);
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
