import { randomUUID } from 'node:crypto';
import { flowPage } from '../../test/e2e/documents.ts';

export interface AskedOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** As whom: the owner, a key that may only read flows, or nobody. Default the owner. */
  readonly as?: 'owner' | 'key' | 'nobody';
}

const uuid = '0190a000-0000-7000-8000-000000000001';

/** Which answers are held beside each other: of the graph as a whole, then everything that can be wrong with an operation. */
export function operationsOf(flowId: string, assetId: string): readonly AskedOperation[] {
  return [
    { name: 'a page over all subgraphs', query: flowPage, variables: { id: flowId } },
    {
      name: 'lists with totals',
      query:
        '{ flows(first: 3) { totalCount nodes { id name } pageInfo { hasNextPage endCursor } } assets(first: 2) { totalCount nodes { id name kind } } }',
    },
    {
      name: 'aliases and fragments',
      query: `query ($id: ID!) { a: flow(id: $id) { ...f } b: flow(id: $id) { ...f status2: status } } fragment f on Flow { n: name assets(first: 2) { nodes { id dependencies(first: 2) { nodes { to { name } } } } } }`,
      variables: { id: flowId },
    },
    {
      name: 'conditions',
      query:
        'query ($id: ID!, $yes: Boolean!) { flow(id: $id) { name @skip(if: $yes) kind metrics @include(if: $yes) { requests } } }',
      variables: { id: flowId, yes: true },
    },
    {
      name: 'an interface by its id',
      query:
        'query ($id: ID!) { node(id: $id) { __typename id ... on Asset { name alerts(first: 1) { nodes { title } } } } }',
      variables: { id: assetId },
    },
    {
      name: 'a union',
      query:
        'query ($id: ID!) { flow(id: $id) { createdBy { __typename ... on User { displayName } ... on ApiKey { name } } } }',
      variables: { id: flowId },
    },
    { name: 'who asks', query: '{ viewer { workspace { slug } user { email } role } }' },
    {
      name: 'figures',
      query: '{ kpis(range: { last: DAY }) { requests { value } errorRate { value } latencyMs { p50 p99 } } }',
    },
    { name: 'only its own name', query: '{ __typename }' },
    { name: 'a field that is not there', query: '{ flows(first: 1) { nodes { nam } } }' },
    { name: 'no operation', query: '{ flows(first: 1) { nodes ' },
    { name: 'a variable that is missing', query: 'query ($id: ID!) { flow(id: $id) { name } }' },
    {
      name: 'a variable of another type',
      query: 'query ($first: Int!) { flows(first: $first) { totalCount } }',
      variables: { first: 'many' },
    },
    {
      name: 'a flow that is not there',
      query: 'query ($id: ID!) { flow(id: $id) { name } }',
      variables: { id: `flow_${uuid}` },
    },
    {
      name: 'an id of something else',
      query: 'query ($id: ID!) { flow(id: $id) { name } }',
      variables: { id: assetId },
    },
    { name: 'a page that is too large', query: '{ flows(first: 100000) { totalCount } }' },
    { name: 'a cursor that is none', query: '{ flows(first: 1, after: "no") { totalCount } }' },
    {
      name: 'what costs too much',
      query:
        '{ flows(first: 100) { nodes { assets(first: 100) { nodes { dependencies(first: 100) { nodes { to { dependencies(first: 100) { nodes { kind } } } } } } } } } }',
    },
    { name: 'nobody', query: '{ flows(first: 1) { totalCount } }', as: 'nobody' },
    { name: 'what the key may read', query: '{ flows(first: 2) { nodes { id name } } }', as: 'key' },
    {
      name: 'what the key may not read',
      query: '{ flows(first: 1) { totalCount } auditLog(first: 1) { nodes { id } } }',
      as: 'key',
    },
    {
      name: 'a write that the key may not do',
      query: 'mutation { createFlow(input: { kind: "router", name: "x", phases: ["a"] }) { flow { id } } }',
      as: 'key',
    },
    {
      name: 'a write of what is not there',
      query: 'mutation ($id: ID!) { cancelFlow(input: { flowId: $id }) { flow { id } } }',
      variables: { id: `flow_${uuid}` },
    },
    {
      name: 'a write that is not valid',
      query: 'mutation { createFlow(input: { kind: "", name: "", phases: [] }) { flow { id } } }',
    },
    {
      name: 'a write that is sent twice',
      query:
        'mutation ($key: String!) { createFlow(input: { kind: "router", name: "twice", phases: ["a"], idempotencyKey: $key }) { flow { id name kind } } }',
      variables: { key: randomUUID() },
    },
  ];
}
