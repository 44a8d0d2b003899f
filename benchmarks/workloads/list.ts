import { measureCallers, type Workload } from '@tributary/kit/measure';

const lists = `
  query Lists {
    flows(first: 20) { nodes { id name status progress createdAt } pageInfo { hasNextPage endCursor } streamCursor }
    assets(first: 50) { nodes { id name kind status environment hostname ipAddress tags } pageInfo { hasNextPage endCursor } }
  }`;

const listOf = (callers: number): Workload => ({
  name: `list, ${callers} caller${callers > 1 ? 's' : ''}`,
  run: ({ client, ...stage }) => measureCallers({ callers, ...stage }, () => client.ask(lists)),
});

/** The first pages of flows and assets. */
export const listQueries: readonly Workload[] = [listOf(1), listOf(32)];
