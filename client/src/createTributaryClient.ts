import { askOnce } from './askOnce.js';
import type { Backoff } from './backoff.js';
import { Connection } from './Connection.js';
import type { Connecting, ConnectionState, OperationResult } from './Connection.js';
import type { Credentials } from './credentials.js';
import { subscriptionDocument } from './documents.js';
import type { SubscriptionField } from './documents.js';
import type {
  AlertEvent,
  AlertUpdatesFilter,
  Flow,
  FlowEvent,
  FlowUpdatesFilter,
  JsonObject,
  StreamEvent,
} from './events.js';
import { sentDocument } from './operationDocument.js';
import type { DocumentId, DocumentText, OperationDocument } from './operationDocument.js';
import type { WebSocketClass } from './oneSocket.js';
import { ResumingSubscription } from './ResumingSubscription.js';
import { TributaryError } from './TributaryError.js';
import type { GraphqlError } from './TributaryError.js';
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
    /**
     * Finds the id of a stored operation: then ids are sent, and no texts. `sha256Id` does for manifests of `npm run operations`; an id that
     * codegen left with a document comes first. Default: texts are sent.
     */
    readonly documentId?: DocumentId;
    /** For an indicator on a screen: `({ status }) => show(status)`. Called at every change. Must not throw. */
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

export interface RequestOptions<Variables> {
  readonly variables?: Variables;
  /** Ends the wait: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface FollowDocumentOptions<Variables> extends Omit<FollowOptions, 'selection'> {
  /** `after` is set from the position. */
  readonly variables?: Omit<Variables, 'after'>;
}

/** The answer to a query or mutation. */
export interface Answer<Data> {
  /** Null when an error left nothing. */
  readonly data: Data | null;
  /** Why parts of `data` are null; absent when nothing is missing. */
  readonly errors?: readonly GraphqlError[];
}

/** The event of a subscription: what its one field answers. */
export type EventOf<Data> = unknown extends Data
  ? StreamEvent & JsonObject
  : Exclude<Data[Exclude<keyof Data, '__typename'>], null | undefined>;

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
  /**
   * The events of any subscription of the graph, as those of the methods above. Its document takes `$after: Cursor` and selects
   * `cursor previousCursor type` of each event.
   */
  follow<Data = unknown, Variables = Record<string, unknown>>(
    document: OperationDocument<Data, Variables>,
    options?: FollowDocumentOptions<Variables>,
  ): AsyncIterableIterator<EventOf<Data>>;
  /**
   * Asks a query or mutation, over the same socket. Errors beside data resolve; what was refused as a whole rejects with a TributaryError.
   * A query is asked again when the connection goes in between; a mutation rejects with CONNECTION_LOST then.
   */
  request<Data = JsonObject, Variables = Record<string, unknown>>(
    document: OperationDocument<Data, Variables>,
    options?: RequestOptions<Variables>,
  ): Promise<Answer<Data>>;
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
    document: DocumentText,
    variables: Record<string, unknown>,
    { after = null, signal }: FollowOptions,
  ): ResumingSubscription<Event> {
    const onEnd = () => open.delete(subscription);
    const subscription: ResumingSubscription<Event> = new ResumingSubscription<Event>(connection, {
      document: () => sentDocument(document, options.documentId),
      variables,
      after,
      signal,
      retry,
      maxUnread,
      onEnd: () => queueMicrotask(onEnd),
    });
    if (closed) subscription.end();
    else open.add(subscription);
    return subscription;
  }

  const followField = <Event extends StreamEvent>(
    field: SubscriptionField,
    variables: Record<string, unknown>,
    following: FollowOptions,
  ) => follow<Event>(subscriptionDocument(field, following.selection), variables, following);

  return {
    flowProgress: (flowId, following = {}) => followField('flowProgress', { flowId }, following),
    flowUpdates: ({ filter = null, ...following } = {}) => followField('flowUpdates', { filter }, following),
    alertUpdates: ({ filter = null, ...following } = {}) => followField('alertUpdates', { filter }, following),
    follow: <Data, Variables>(
      document: OperationDocument<Data, Variables>,
      { variables, ...following }: FollowDocumentOptions<Variables> = {},
    ) => follow(document, { ...variables }, following) as AsyncIterableIterator<EventOf<Data>>,
    request: async <Data, Variables>(
      document: OperationDocument<Data, Variables>,
      { variables, signal }: RequestOptions<Variables> = {},
    ) =>
      answerOf<Data>(
        await askOnce(connection, {
          document: () => sentDocument(document, options.documentId),
          variables: { ...variables },
          again: !mayWrite(document.toString()),
          signal,
        }),
      ),
    waitForFlow: (flowId, { signal } = {}) =>
      waitForEnd(() => followField<FlowEvent>('flowProgress', { flowId }, { signal }), signal),
    close() {
      closed = true;
      for (const subscription of [...open]) subscription.end();
      connection.close();
    },
  };
}

/** Whether the word stands anywhere: a query that is taken for a mutation is only not asked twice. */
function mayWrite(text: string): boolean {
  return /\bmutation\b/.test(text);
}

function answerOf<Data>({ data = null, errors }: OperationResult): Answer<Data> {
  return { data: data as Data | null, ...(errors?.length ? { errors } : {}) };
}
