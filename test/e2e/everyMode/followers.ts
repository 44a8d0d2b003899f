import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from 'urql';
import { WebSocket } from 'ws';
import { createTributaryClient } from '../../../client/src/index.js';
import type { ProgressEvent } from '../discoveryRun.js';
import { flowProgress } from '../documents.js';

export interface FollowRequest {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly authorization: string;
  readonly flowId: string;
  /** Behind this cursor. */
  readonly after: string;
}

/** Takes the next event, or an error; answers true when that was the last one that is wanted. */
type Take = (message: { data?: unknown; error?: unknown }) => boolean;

/** Starts a client; answers how to stop it. */
type Start = (request: FollowRequest, take: Take) => () => unknown;

const wsOf = ({ url, authorization }: FollowRequest) =>
  createWsClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { authorization } });

const variablesOf = ({ flowId, after }: FollowRequest) => ({ flowId, after });

function apollo(link: HttpLink | GraphQLWsLink, request: FollowRequest, take: Take): () => void {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const subscription = client
    .subscribe({ query: gql(flowProgress), variables: variablesOf(request) })
    .subscribe({ next: ({ data, error }) => take({ data, error }), error: (error: unknown) => take({ error }) });
  return () => {
    subscription.unsubscribe();
    client.stop();
  };
}

function urql(client: UrqlClient, request: FollowRequest, take: Take): () => void {
  const { unsubscribe } = client
    .subscription(flowProgress, variablesOf(request))
    .subscribe(({ data, error }) => take({ data: data as unknown, error }));
  return unsubscribe;
}

/** The clients that people use, each set up as its own documentation does. */
const starts: Readonly<Record<string, Start>> = {
  'Apollo Client over graphql-ws': (request, take) => {
    const socket = wsOf(request);
    const stop = apollo(new GraphQLWsLink(socket), request, take);
    return () => (stop(), socket.dispose());
  },
  'Apollo Client over multipart HTTP': (request, take) => {
    const headers = { authorization: request.authorization };
    return apollo(new HttpLink({ uri: request.url, headers }), request, take);
  },
  'urql over graphql-ws': (request, take) => {
    const socket = wsOf(request);
    const client = new UrqlClient({
      url: request.url,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query, variables }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe({ query: query ?? '', variables: variables as never }, sink as never),
            }),
          }),
        }),
      ],
    });
    const stop = urql(client, request, take);
    return () => (stop(), socket.dispose());
  },
  'urql over fetch': (request, take) => {
    const client = new UrqlClient({
      url: request.url,
      preferGetMethod: false,
      fetchSubscriptions: true,
      fetchOptions: { headers: { authorization: request.authorization } },
      exchanges: [fetchExchange],
    });
    return urql(client, request, take);
  },
  'graphql-ws': (request, take) => {
    const client = wsOf(request);
    const stop = client.subscribe(
      { query: flowProgress, variables: variablesOf(request) },
      { next: ({ data }) => take({ data }), error: (error) => take({ error }), complete: () => undefined },
    );
    return () => (stop(), client.dispose());
  },
  'graphql-sse': (request, take) => {
    const client = createSseClient({ url: request.url, headers: { authorization: request.authorization } });
    const stop = client.subscribe(
      { query: flowProgress, variables: variablesOf(request) },
      { next: ({ data }) => take({ data }), error: (error) => take({ error }), complete: () => undefined },
    );
    return () => (stop(), client.dispose());
  },
  'our own client': (request, take) => {
    const client = createTributaryClient({ url: request.url, authorization: request.authorization });
    void (async () => {
      try {
        for await (const event of client.flowProgress(request.flowId, { after: request.after }))
          take({ data: { flowProgress: event } });
      } catch (error) {
        take({ error });
      }
    })();
    return () => client.close();
  },
};

export const followers = Object.keys(starts);

/** The events that a client is given, up to the end of the flow. */
export async function followWith(name: string, request: FollowRequest): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = [];
  let stop: (() => unknown) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const take: Take = ({ data, error }) => {
        if (error) {
          reject(new Error(`${name} was told of an error.`, { cause: error }));
          return true;
        }
        const event = (data as { flowProgress: ProgressEvent }).flowProgress;
        events.push(event);
        if (event.type !== 'flow.finished') return false;
        resolve();
        return true;
      };
      stop = starts[name]!(request, take);
    });
  } finally {
    await stop?.();
  }
  return events;
}
