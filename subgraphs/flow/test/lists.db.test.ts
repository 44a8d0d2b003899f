import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { ask, codesOf, person, tell } from '@tributary/kit/world';
import { discover, startFlowWorld, until } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;
let ann: Principal;
let actorId: string;
const ids: string[] = [];

interface Listed {
  readonly id: string;
  readonly name: string;
}
interface Page {
  readonly nodes: Listed[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}
// Names that are the same are in the order of their ids.
const byName = (one: Listed, other: Listed) =>
  one.name.toLowerCase() < other.name.toLowerCase() || (one.name === other.name && one.id < other.id) ? -1 : 1;

const createFlow = `mutation ($kind: String!, $name: String!) { createFlow(input: { kind: $kind, name: $name, phases: ["a", "b"] }) { flow { id } } }`;

beforeAll(async () => {
  world = await startFlowWorld();
  await world.startWorker();
  ann = person();
  actorId = `user_${ann.actor.kind === 'user' ? ann.actor.id : ''}`;
  for (let count = 0; count < 7; count += 1) {
    ids.unshift(
      (await tell(world, ann, createFlow, { kind: count % 2 ? 'crew' : 'batch', name: `Flow ${count}` })).createFlow
        .flow.id,
    );
  }
  const discovery = await discover(world, ann, 'name,ip\nweb-1,10.0.0.1\nweb-2,x,y\n');
  await until(world, ann, discovery, 'SUCCEEDED');
  ids.unshift(discovery);
  await tell(world, person(), createFlow, { kind: 'crew', name: 'Another workspace’s' });
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function statementsOf(
  source: string,
  variables: Record<string, unknown> = {},
): Promise<{ names: string[]; data: Record<string, never> }> {
  world.statements.length = 0;
  const data = await tell(world, ann, source, variables);
  return { data, names: [...world.statements] };
}

describe('the list of flows', () => {
  test('is newest first, in pages that join without a gap', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { flows } = await tell(
        world,
        ann,
        'query ($after: Cursor) { flows(first: 3, after: $after) { nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }',
        { after },
      );
      seen.push(...flows.nodes.map((flow: { id: string }) => flow.id));
      expect(flows.pageInfo.hasPreviousPage).toBe(after !== null);
      if (!flows.pageInfo.hasNextPage) break;
      after = flows.pageInfo.endCursor as string;
    }
    expect(seen).toEqual(ids);
  });

  test('lets through what the filter says, and counts it when asked', async () => {
    const list =
      'query ($filter: FlowFilter) { flows(filter: $filter) { totalCount nodes { kind status createdAt } } }';
    const count = async (filter: Record<string, unknown>) =>
      (await tell(world, ann, list, { filter })).flows.totalCount;
    expect(await count({})).toBe(8);
    expect(await count({ kind: ['crew'] })).toBe(3);
    expect(await count({ kind: ['crew', 'discovery'] })).toBe(4);
    expect(await count({ status: ['SUCCEEDED'] })).toBe(1);
    expect(await count({ status: ['QUEUED'], kind: ['batch'] })).toBe(4);
    expect(await count({ status: [] })).toBe(0);
    const [newest] = (await tell(world, ann, list, {})).flows.nodes;
    expect(await count({ createdAfter: newest.createdAt })).toBe(1);
    expect(await count({ createdBefore: newest.createdAt })).toBe(7);
  });

  test('finds words of names in any letter case, and flows of one creator', async () => {
    const count = async (filter: Record<string, unknown>) =>
      (
        await tell(world, ann, 'query ($filter: FlowFilter) { flows(filter: $filter) { totalCount nodes { id } } }', {
          filter,
        })
      ).flows;
    expect(await count({ search: 'fLOW 3' })).toMatchObject({ totalCount: 1, nodes: [{}] });
    expect((await count({ search: 'flow' })).totalCount).toBe(7);
    expect((await count({ search: '  ' })).totalCount).toBe(8);
    expect((await count({ search: '%' })).totalCount).toBe(0);
    expect((await count({ createdBy: [actorId] })).totalCount).toBe(8);
    expect((await count({ createdBy: [actorId], search: '4' })).totalCount).toBe(1);
    expect((await count({ createdBy: [`key_${newUuid()}`, ids[0]!] })).totalCount).toBe(0);
  });

  test.each([
    [{ search: 'a'.repeat(201) }],
    [{ search: 'a '.repeat(11) }],
    [{ search: 'a\0' }],
    [{ createdBy: ['nobody'] }],
    [{ createdBy: Array.from({ length: 101 }, () => `user_${newUuid()}`) }],
  ])('refuses %j', async (filter) => {
    expect(
      codesOf(
        await ask(world, ann, 'query ($filter: FlowFilter) { flowFacets(filter: $filter) { kind { count } } }', {
          filter,
        }),
      ),
    ).toEqual(['INVALID_INPUT']);
  });

  test.each([
    ['CREATED_DESC', (all: Listed[]) => all],
    ['CREATED_ASC', (all: Listed[]) => all.toReversed()],
    ['NAME_ASC', (all: Listed[]) => all.toSorted(byName)],
    ['NAME_DESC', (all: Listed[]) => all.toSorted(byName).toReversed()],
  ])('is read in the order %s, in pages that join without a gap', async (orderBy, expected) => {
    const query =
      'query ($first: Int!, $orderBy: FlowOrder!, $after: Cursor) { flows(first: $first, orderBy: $orderBy, after: $after) { nodes { id name } pageInfo { endCursor hasNextPage } } }';
    const all = (await tell(world, ann, query, { first: 100, orderBy: 'CREATED_DESC' })).flows.nodes as Listed[];
    const seen: Listed[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { nodes, pageInfo } = (await tell(world, ann, query, { first: 3, orderBy, after })).flows as Page;
      seen.push(...nodes);
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(seen).toEqual(expected(all));
    expect(
      codesOf(
        await ask(world, ann, query, { first: 3, orderBy: orderBy === 'NAME_ASC' ? 'NAME_DESC' : 'NAME_ASC', after }),
      ),
    ).toEqual(['INVALID_INPUT']);
  });

  test('has facets that count under all parts of the filter but their own', async () => {
    const facets = async (filter: Record<string, unknown>) =>
      (
        await tell(
          world,
          ann,
          'query ($filter: FlowFilter) { flowFacets(filter: $filter) { status { value count } kind { value count } } }',
          { filter },
        )
      ).flowFacets;
    expect(await facets({})).toEqual({
      status: [
        { value: 'QUEUED', count: 7 },
        { value: 'SUCCEEDED', count: 1 },
      ],
      kind: [
        { value: 'batch', count: 4 },
        { value: 'crew', count: 3 },
        { value: 'discovery', count: 1 },
      ],
    });
    expect(await facets({ kind: ['crew'], search: 'flow' })).toEqual({
      status: [{ value: 'QUEUED', count: 3 }],
      kind: [
        { value: 'batch', count: 4 },
        { value: 'crew', count: 3 },
      ],
    });
  });

  test.each([0, 101])('refuses pages of %d', async (first) => {
    expect(
      codesOf(await ask(world, ann, 'query ($first: Int!) { flows(first: $first) { nodes { id } } }', { first })),
    ).toEqual(['INVALID_INPUT']);
  });

  test('refuses a cursor of another list', async () => {
    expect(codesOf(await ask(world, ann, '{ flows(after: "bm9uc2Vuc2U") { nodes { id } } }'))).toEqual([
      'INVALID_INPUT',
    ]);
  });

  test('takes one statement for each relation, however many flows there are', async () => {
    const { names } = await statementsOf(`{ flows(first: 50) { streamCursor totalCount nodes {
      id name currentPhase { name } phases { name status } createdBy { __typename ... on User { id } }
      discovery { rowsTotal fieldMappings { sourceField } rejectedRows(first: 5) { totalCount nodes { line } } }
      events(last: 5) { nodes { type sequence flow { name } } }
    } } }`);
    expect(names.sort()).toEqual([
      'event.readHead',
      'event.readStreams',
      'flow.countFlows',
      'flow.discoveriesOf',
      'flow.flowsById',
      'flow.listFlows',
      'flow.mappingsOf',
      'flow.phasesOf',
      'flow.rejectedCountsOf',
      'flow.rejectedRowsOf',
    ]);
  });

  test('counts nothing and joins nothing that was not asked for', async () => {
    expect((await statementsOf('{ flows { nodes { id name status progress } } }')).names).toEqual([
      'flow.listFlows',
      'event.readHead',
    ]);
  });

  test('flows that a gateway joins on come in one statement', async () => {
    const { names, data } = await statementsOf(
      'query ($these: [_Any!]!) { _entities(representations: $these) { ... on Flow { id phases { name } } } }',
      {
        these: [...ids, 'flow_01900000-0000-7000-8000-000000000000'].map((id) => ({ __typename: 'Flow', id })),
      },
    );
    expect(names).toEqual(['flow.flowsById', 'flow.phasesOf']);
    const entities = data['_entities'] as unknown as ({ id: string } | null)[];
    expect(entities.map((flow) => flow?.id ?? null)).toEqual([...ids, null]);
  });

  test.each([
    ['newest first', '', 'flow_newest'],
    ['by status', `and status = any(array['RUNNING'])`, 'flow_by_status'],
    ['by kind', `and kind = any(array['rare'])`, 'flow_by_kind'],
    ['by creator', `and created_by_id = 'few'`, 'flow_by_creator'],
    ['by name', `and (name_key, id) > ('x5', '01900000-0000-7000-8000-000000000001')`, 'flow_by_name', 'name_key, id'],
    ['by name from the end', '', 'flow_by_name', 'name_key desc, id desc'],
  ])(
    'uses an index %s, with row-level security on',
    async (_, condition, index, order = 'created_at desc, id desc') => {
      const admin = new Client({ connectionString: world.testDatabase.superuserUrl });
      const app = new Client({ connectionString: world.testDatabase.appUrl });
      await Promise.all([admin.connect(), app.connect()]);
      try {
        const workspace = '01900000-0000-7000-8000-000000000001';
        await admin.query(
          `insert into flow (workspace_id, id, kind, name, driver, status, created_by_kind, created_by_id, created_at)
         select case when n % 2 = 0 then $1::uuid else gen_random_uuid() end, gen_random_uuid(), case when n % 997 = 0 then 'rare' else 'crew' end, 'x' || n, 'RUNNER',
           case when n % 499 = 0 then 'RUNNING' else 'SUCCEEDED' end, 'system', case when n % 499 = 0 then 'few' else 'test' end, now() - make_interval(secs => n)
         from generate_series(1, 20000) n on conflict do nothing`,
          [workspace],
        );
        await admin.query('analyze flow');
        await app.query('begin');
        await app.query(`select set_config('app.workspace_id', $1, true)`, [workspace]);
        const { rows } = await app.query<Record<string, string>>(
          `explain select * from flow where workspace_id = '${workspace}' ${condition} order by ${order} limit 21`,
        );
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toContain(index);
        expect(plan).not.toContain('Seq Scan');
        expect(plan).not.toMatch(/Filter: .*name_key/);
      } finally {
        await Promise.all([admin.end(), app.end()]);
      }
    },
  );
});

describe('a flow’s own log', () => {
  const events =
    'query ($id: ID!, $first: Int, $after: Cursor, $last: Int, $before: Cursor) { flow(id: $id) { events(first: $first, after: $after, last: $last, before: $before) { edges { cursor node { sequence previousCursor } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }';

  async function page(request: Record<string, unknown>) {
    const { edges, pageInfo } = (await tell(world, ann, events, { id: ids[0], ...request })).flow.events;
    return { sequences: edges.map((edge: { node: { sequence: number } }) => edge.node.sequence) as number[], pageInfo };
  }

  test('is read forwards and backwards', async () => {
    const first = await page({ first: 2 });
    expect(first.sequences).toEqual([1, 2]);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect((await page({ first: 2, after: first.pageInfo.endCursor })).sequences).toEqual([3, 4]);
    const last = await page({ last: 2 });
    const before = await page({ last: 2, before: last.pageInfo.startCursor });
    expect(before.sequences[1]! + 1).toBe(last.sequences[0]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('takes first or last, not both', async () => {
    expect(codesOf(await ask(world, ann, events, { id: ids[0], first: 1, last: 1 }))).toEqual(['INVALID_INPUT']);
  });
});
