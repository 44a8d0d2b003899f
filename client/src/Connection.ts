import { closeCodes } from '@tributary/contracts/closeCodes';
import { createClient } from 'graphql-ws/client';
import type { Client, SubscribePayload } from 'graphql-ws/client';
import { backoffMs, Pause } from './backoff.js';
import type { Backoff } from './backoff.js';
import { connectionPayload } from './credentials.js';
import type { Credentials } from './credentials.js';
import { oneSocket } from './oneSocket.js';
import type { OneSocket, WebSocketClass } from './oneSocket.js';
import { judgeClose } from './refusals.js';
import { TokenRenewal } from './TokenRenewal.js';
import { TributaryError } from './TributaryError.js';
import type { GraphqlError } from './TributaryError.js';

export type ConnectionState =
  /** No socket, and nobody who wants one. */
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  /** Cut off. `closeCode`: the server's, null when the connection just went. */
  | {
      readonly status: 'waiting';
      readonly attempt: number;
      readonly delayMs: number;
      readonly closeCode: number | null;
    }
  | { readonly status: 'closed' };

export interface Connecting {
  /** Before a connection that nobody acknowledges is given up, in ms. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Silence after which the server is asked whether it is there, in ms; 0 never asks. Default 10,000. */
  readonly pingAfterMs?: number;
  /** Before a connection whose ping is not answered is given up, in ms. Default 5,000. */
  readonly pongTimeoutMs?: number;
  /** How long the socket outlives the last subscription, in ms. Default 500. */
  readonly idleCloseMs?: number;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly credentials: Credentials;
  readonly webSocket: WebSocketClass;
  readonly connecting: Connecting;
  readonly retry: Backoff & { readonly maxAttempts?: number };
  readonly onState: (state: ConnectionState) => void;
}

export interface OperationResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlError[];
}

/** What one operation on the connection hears; after `refused`, `completed`, `lost` and `failed` nothing more. */
export interface Operation {
  next(result: OperationResult): void;
  refused(errors: readonly GraphqlError[]): void;
  completed(): void;
  /** The connection is gone; `ready` waits for the next one. */
  lost(): void;
  /** The connection is gone for good. */
  failed(error: TributaryError): void;
}

/** A connection that has lived this long was a success, even when it had nothing to say. */
const stableAfterMs = 5_000;

/** The one socket of a client. graphql-ws speaks on it; when and with what token to come back is decided here. */
export class Connection {
  private readonly client: Client;
  private readonly socket: OneSocket;
  private readonly operations = new Set<Operation>();
  private readonly backoff = new Pause();
  private readonly renewal: TokenRenewal;
  private status: ConnectionState['status'] = 'idle';
  private payload: Record<string, string> = {};
  private users = 0;
  /** True when an operation may be sent; false when nobody wanted to any more. */
  private opening: Promise<boolean> | null = null;
  /** Connections in a row that came to nothing. */
  private failures = 0;
  private refusedInARow = 0;
  private connectedAt = 0;
  private heardAnEvent = false;
  private closeCode: number | null = null;
  private watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ConnectionOptions) {
    const {
      connectTimeoutMs = 10_000,
      pingAfterMs = 10_000,
      pongTimeoutMs = 5_000,
      idleCloseMs = 500,
    } = options.connecting;
    this.socket = oneSocket(options.webSocket);
    this.renewal = new TokenRenewal({
      ask: () => connectionPayload(options.credentials, connectTimeoutMs),
      send: (payload) => this.socket.current?.send(JSON.stringify({ type: 'ping', payload })),
    });
    this.client = createClient({
      url: options.url,
      webSocketImpl: this.socket.implementation,
      connectionParams: () => this.payload,
      retryAttempts: 0,
      keepAlive: pingAfterMs,
      lazyCloseTimeout: idleCloseMs,
      on: {
        connecting: () => this.expectWithin(connectTimeoutMs),
        connected: (_socket, payload) => this.connected(payload),
        message: (message) => {
          if (message.type === 'next') this.heardAnEvent = true;
        },
        ping: (received) => {
          if (!received) this.expectWithin(pongTimeoutMs);
        },
        pong: (received, payload) => {
          if (!received) return;
          clearTimeout(this.watchdog);
          this.renewal.heard(payload);
        },
        error: () => this.broke(null, ''),
        closed: (event) => {
          const { code = null, reason = '' } = event as { code?: number; reason?: string };
          this.broke(code, reason);
        },
      },
    });
  }

  /** Whoever may want the connection holds it from `acquire` to `release`. */
  acquire(): void {
    // One that is closing for want of users may take its time, and cannot be used any more.
    if (this.socket.current?.readyState === this.options.webSocket.CLOSING) this.client.terminate();
    this.users += 1;
  }

  release(): void {
    this.users -= 1;
    if (this.users > 0) return;
    this.backoff.wake();
    if (this.status === 'connecting' && !this.opening && !this.hasSocket) this.enter({ status: 'idle' });
  }

  /** Resolves when an operation may be sent: at once, or after the wait that is due and with a token that was asked for anew. */
  async ready(): Promise<void> {
    do {
      if (!this.opening) {
        if (this.status === 'connected' || this.status === 'connecting') return;
        this.opening = this.open().finally(() => (this.opening = null));
      }
      // Whoever comes while it is being given up begins anew.
    } while (!(await this.opening) && this.users > 0);
  }

  /** Answers how to stop it. */
  subscribe(request: SubscribePayload, operation: Operation): () => void {
    this.operations.add(operation);
    const stop = this.client.subscribe(request, {
      next: (result) => operation.next(result as OperationResult),
      // What is no list of errors is the connection's, and was told by `broke`; else it could not even be sent.
      error: (reason) => operation.refused(Array.isArray(reason) ? (reason as GraphqlError[]) : [notSent(reason)]),
      complete: () => operation.completed(),
    });
    return () => {
      this.operations.delete(operation);
      stop();
    };
  }

  close(): void {
    if (this.status === 'closed') return;
    const error = new TributaryError('CLIENT_CLOSED', 'This client has been closed.');
    const socket = this.socket.current;
    const wasOpen = socket?.readyState === this.options.webSocket.OPEN;
    this.enter({ status: 'closed' });
    this.backoff.wake();
    clearTimeout(this.watchdog);
    this.renewal.stop();
    for (const operation of [...this.operations]) operation.failed(error);
    if (wasOpen) socket.close(1000, 'Normal Closure');
    else this.client.terminate();
  }

  private get hasSocket(): boolean {
    const { current } = this.socket;
    return current !== null && current.readyState <= this.options.webSocket.OPEN;
  }

  private async open(): Promise<boolean> {
    for (;;) {
      if (this.failures > 0) await this.waitForTurn();
      if (this.isClosed) throw new TributaryError('CLIENT_CLOSED', 'This client has been closed.');
      if (this.users === 0) return this.abandon();
      this.enter({ status: 'connecting' });
      try {
        this.payload = await connectionPayload(this.options.credentials, this.options.connecting.connectTimeoutMs);
        return this.users > 0 || this.abandon();
      } catch (error) {
        if (error instanceof TributaryError) {
          this.enter({ status: 'idle' });
          throw error;
        }
        // Whoever hands out tokens may be cut off as well.
        this.countFailure(null);
      }
    }
  }

  private abandon(): false {
    this.enter({ status: 'idle' });
    return false;
  }

  private async waitForTurn(): Promise<void> {
    const { maxAttempts = Infinity } = this.options.retry;
    if (this.failures > maxAttempts) {
      this.failures = 0;
      this.enter({ status: 'idle' });
      throw new TributaryError('CONNECTION_LOST', `No connection came about in ${maxAttempts} more attempts.`);
    }
    const delayMs = backoffMs(this.failures, this.options.retry);
    this.enter({ status: 'waiting', attempt: this.failures, delayMs, closeCode: this.closeCode });
    await this.backoff.sleep(delayMs);
  }

  private connected(acknowledged: unknown): void {
    clearTimeout(this.watchdog);
    // A text stays what it is, and another key would be somebody else.
    if (typeof this.options.credentials.authorization === 'function') this.renewal.heard(acknowledged);
    this.connectedAt = Date.now();
    this.heardAnEvent = false;
    this.refusedInARow = 0;
    if (!this.isClosed) this.enter({ status: 'connected' });
  }

  /** Once for each socket: what comes after is about one that is given up already. */
  private broke(code: number | null, reason: string): void {
    clearTimeout(this.watchdog);
    this.renewal.stop();
    if (this.status !== 'connected' && this.status !== 'connecting') return;
    const wasGood =
      this.status === 'connected' && (this.heardAnEvent || Date.now() - this.connectedAt >= stableAfterMs);
    if (wasGood) this.failures = 0;
    if (this.users > 0) this.countFailure(code);
    this.enter({ status: 'idle' });
    if (code === closeCodes.forbidden) this.refusedInARow += 1;
    const error = judgeClose(code, reason, this.refusedInARow);
    if (error) {
      this.failures = 0;
      this.refusedInARow = 0;
    }
    for (const operation of [...this.operations]) {
      if (error) operation.failed(error);
      else operation.lost();
    }
  }

  private countFailure(code: number | null): void {
    this.failures += 1;
    this.closeCode = code;
  }

  /** Gives the socket up when nothing comes back: a network that hangs closes nothing. */
  private expectWithin(ms: number): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.client.terminate(), ms);
  }

  private get isClosed(): boolean {
    return this.status === 'closed';
  }

  private enter(state: ConnectionState): void {
    if (this.isClosed || (state.status === this.status && state.status !== 'waiting')) return;
    this.status = state.status;
    this.options.onState(state);
  }
}

function notSent(reason: unknown): GraphqlError {
  return {
    message: reason instanceof Error ? reason.message : String(reason),
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  };
}
