import type { Backoff } from './backoff.js';
import { Connection } from './Connection.js';
import type { Connecting, ConnectionState } from './Connection.js';
import type { Credentials } from './credentials.js';
import type { SubscriptionField } from './documents.js';
import type { AlertEvent, AlertUpdatesFilter, Flow, FlowEvent, FlowUpdatesFilter, StreamEvent } from './events.js';
import type { WebSocketClass } from './oneSocket.js';
import { ResumingSubscription } from './ResumingSubscription.js';
import { TributaryError } from './TributaryError.js';
import { waitForEnd } from './waitForEnd.js';

export type TributaryClientOptions = Credentials &
  Connecting & {
    /** Of the GraphQL endpoint: ws:, wss:, http: or https:. */
    readonly url: string;
    /** Default: the environment's own WebSocket. Before Node 22, that of the package `ws`. */
    readonly webSocketImpl?: WebSocketClass;
    readonly retry?: Backoff & {
      /** New connections in a row that may come to nothing before subscriptions end with CONNECTION_LOST. Default: no end. */
      readonly maxAttempts?: number;
    };
    /** Events of one subscription that may wait to be read before the server is asked to stop. Default 256. */
    readonly maxUnread?: number;
    /** For an indicator on a screen. Must not throw. */
    readonly onState?: (state: ConnectionState) => void;
  };

export interface FollowOptions {
  /** The cursor of the last event that was handled: goes on behind it. Default: begins with `stream.snapshot`. */
  readonly after?: string | null;
  /** More fields of the event, as GraphQL: `flow { assets(first: 5) { totalCount } }`. */
  readonly selection?: string;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  /** Ends the wait: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Every iteration gives each event of its stream once and in order, through cut connections, new tokens and restarts of the
 * server; a `stream.reset` among them says that this could not be kept. It throws a `TributaryError` when it cannot go on,
 * and ends on `break`, `return()`, its signal and `close()`.
 */
export interface TributaryClient {
  /** Every event of one flow. `Extra`: what `selection` adds. */
  flowProgress<Extra extends object = object>(
    flowId: string,
    options?: FollowOptions,
  ): AsyncIterableIterator<FlowEvent & Extra>;
  /** The life of every flow of the workspace that the filter lets through. */
  flowUpdates<Extra extends object = object>(
    options?: FollowOptions & { readonly filter?: FlowUpdatesFilter | null },
  ): AsyncIterableIterator<FlowEvent & Extra>;
  /** What happens to alerts. */
  alertUpdates<Extra extends object = object>(
    options?: FollowOptions & { readonly filter?: AlertUpdatesFilter | null },
  ): AsyncIterableIterator<AlertEvent & Extra>;
  /** Resolves with the flow when it has succeeded, failed or was cancelled, which it may have long since. Rejects with a TributaryError. */
  waitForFlow(flowId: string, options?: WaitOptions): Promise<Flow>;
  /** Ends all iterations and the socket. `waitForFlow` rejects with CLIENT_CLOSED. */
  close(): void;
}

/** A client with one socket, which is open only while somebody iterates. Throws NO_WEBSOCKET where there is none. */
export function createTributaryClient(options: TributaryClientOptions): TributaryClient {
  const webSocket: WebSocketClass | undefined = options.webSocketImpl ?? globalThis.WebSocket;
  if (!webSocket) {
    throw new TributaryError(
      'NO_WEBSOCKET',
      'There is no WebSocket here. Pass one as webSocketImpl, such as that of the package "ws".',
    );
  }
  const { retry = {}, maxUnread = 256, onState = () => undefined } = options;
  const connection = new Connection({
    url: options.url.replace(/^http/, 'ws'),
    credentials: options,
    webSocket,
    connecting: options,
    retry,
    onState,
  });
  const open = new Set<{ end(): void }>();
  let closed = false;

  function follow<Event extends StreamEvent>(
    field: SubscriptionField,
    variables: Record<string, unknown>,
    { after = null, selection, signal }: FollowOptions,
  ): ResumingSubscription<Event> {
    const onEnd = () => open.delete(subscription);
    const subscription: ResumingSubscription<Event> = new ResumingSubscription<Event>(connection, {
      field,
      variables,
      after,
      selection,
      signal,
      retry,
      maxUnread,
      onEnd: () => queueMicrotask(onEnd),
    });
    if (closed) subscription.end();
    else open.add(subscription);
    return subscription;
  }

  return {
    flowProgress: (flowId, following = {}) => follow('flowProgress', { flowId }, following),
    flowUpdates: ({ filter = null, ...following } = {}) => follow('flowUpdates', { filter }, following),
    alertUpdates: ({ filter = null, ...following } = {}) => follow('alertUpdates', { filter }, following),
    waitForFlow: (flowId, { signal } = {}) =>
      waitForEnd(() => follow<FlowEvent>('flowProgress', { flowId }, { signal }), signal),
    close() {
      closed = true;
      for (const subscription of [...open]) subscription.end();
      connection.close();
    },
  };
}
