import { createClient } from 'graphql-ws';
import {
  Environment,
  fetchQuery,
  graphql,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { access } from '../access.ts';

const { url, authorization } = access();
const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: { authorization } });

const environment = new Environment({
  network: Network.create(
    async ({ text, name }, variables) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, operationName: name, variables }),
      });
      return answer.json();
    },
    ({ text, name }, variables) =>
      Observable.create((sink) => socket.subscribe({ query: text, operationName: name, variables }, sink)),
  ),
  // Every id is global, and `node(id)` finds it again: what Relay expects.
  store: new Store(new RecordSource()),
});

const data = await fetchQuery(
  environment,
  graphql`
    query estateQuery($first: Int!) {
      flows(first: $first) {
        edges {
          cursor
          node {
            id
            name
            status
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  { first: 5 },
).toPromise();
console.log(JSON.stringify({ flows: data.flows.edges.map(({ node: { name, status } }) => ({ name, status })) }));

await new Promise((resolve, reject) => {
  requestSubscription(environment, {
    subscription: graphql`
      subscription estateFlowLifeSubscription {
        flowUpdates {
          sequence
          type
          cursor
        }
      }
    `,
    variables: {},
    onNext: ({ flowUpdates }) => {
      console.log(JSON.stringify({ event: flowUpdates.type }));
      resolve();
    },
    onError: reject,
  });
});
await socket.dispose();
