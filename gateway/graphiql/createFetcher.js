import { closeCodes } from '@tributary/contracts/closeCodes';
import { createClient } from 'graphql-ws';
import { getOperationAST } from 'graphql';
import { logOf } from './logOf.js';
import { sorted } from './sorted.js';

const socketUrl = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

/** GraphiQL's way to the gateway: POST for queries and mutations, graphql-ws for subscriptions, both as whoever is signed in. */
export function createFetcher(session) {
  let client = connect(session);
  let signedInAs = session.current?.accessToken;
  session.subscribe(() => {
    if (session.current?.accessToken === signedInAs) return;
    signedInAs = session.current?.accessToken;
    // The socket belongs to who opened it. Streams that are open end here, and are started again by hand.
    client.dispose();
    client = connect(session);
  });

  return (params, options = {}) => {
    const operation = options.documentAST && getOperationAST(options.documentAST, params.operationName ?? undefined);
    if (operation?.operation === 'subscription') return logOf(client.iterate(params));
    const answer = ask(session, params, options.headers, true);
    return params.operationName === 'IntrospectionQuery' ? answer.then(sorted) : answer;
  };
}

async function ask(session, params, headers, mayRefresh) {
  const token = await session.token();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify(params),
  });
  const answer = await response.json();
  if (mayRefresh && token && answer.errors?.some((error) => error.extensions?.code === 'EXPIRED_TOKEN')) {
    await session.refresh();
    return ask(session, params, headers, false);
  }
  return answer;
}

function connect(session) {
  return createClient({
    url: socketUrl,
    lazyCloseTimeout: 2_000,
    retryAttempts: 20,
    connectionParams: async () => {
      const token = await session.token();
      return token ? { authorization: `Bearer ${token}` } : {};
    },
    shouldRetry: (event) => event?.code !== closeCodes.forbidden,
  });
}
