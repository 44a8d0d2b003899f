import { ApolloClient, HttpLink, InMemoryCache, split } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { EstateDocument, FlowLifeDocument } from '../generated/graphql.ts';
import possibleTypes from '../generated/possibleTypes.ts';
import { access } from '../access.ts';

const { url, authorization } = access();
const http = new HttpLink({ uri: url, headers: { authorization } });
const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: { authorization } });

const client = new ApolloClient({
  link: split(
    ({ query }) => {
      const main = getMainDefinition(query);
      return main.kind === 'OperationDefinition' && main.operation === 'subscription';
    },
    new GraphQLWsLink(socket),
    http,
  ),
  // Without these a fragment on an interface or a union matches nothing in the cache.
  cache: new InMemoryCache({ possibleTypes: possibleTypes.possibleTypes }),
});

const { data } = await client.query({ query: EstateDocument, variables: { first: 5 } });
console.log(JSON.stringify({ flows: data?.flows?.nodes.map(({ name, status }) => ({ name, status })) }));

// The first event says where the stream stands; each brings the cursor to go on behind.
await new Promise<void>((resolve, reject) => {
  const watching = client.subscribe({ query: FlowLifeDocument, variables: {} }).subscribe({
    next: ({ data }) => {
      console.log(JSON.stringify({ event: data?.flowUpdates.type }));
      watching.unsubscribe();
      resolve();
    },
    error: reject,
  });
});
await socket.dispose();
