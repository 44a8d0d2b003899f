import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { EstateDocument, FlowLifeDocument } from '../generated/graphql.ts';
import { access } from '../access.ts';

const { url, authorization } = access();
const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: { authorization } });

const client = new Client({
  url,
  // A GET needs a header that a page of another site cannot send; authorization is one. POST is simplest.
  preferGetMethod: false,
  fetchOptions: { headers: { authorization } },
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

const { data, error } = await client.query(EstateDocument, { first: 5 }).toPromise();
if (error) throw error;
console.log(JSON.stringify({ flows: data?.flows?.nodes.map(({ name, status }) => ({ name, status })) }));

await new Promise<void>((resolve, reject) => {
  const { unsubscribe } = client.subscription(FlowLifeDocument, {}).subscribe(({ data, error }) => {
    if (error) return reject(error);
    console.log(JSON.stringify({ event: data?.flowUpdates.type }));
    // The first may come before subscribe() has returned.
    queueMicrotask(() => unsubscribe());
    resolve();
  });
});
await socket.dispose();
