import { measureCallers, type Workload } from '@tributary/kit/measure';

const oneFlow = 'query OneFlow($id: ID!) { flow(id: $id) { id name status progress createdAt } }';

/** What a request costs that reads one row, and what one costs that reads nothing. */
export const smallQueries: readonly Workload[] = [
  {
    name: 'one flow, 1 caller',
    run: ({ client, flowId, ...stage }) =>
      measureCallers({ callers: 1, ...stage }, () => client.ask(oneFlow, { id: flowId })),
  },
  {
    name: '{ __typename }, 1 caller',
    run: ({ client, ...stage }) => measureCallers({ callers: 1, ...stage }, () => client.ask('{ __typename }')),
  },
];
