import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existingCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import pg from 'pg';
import { codesOf, person, systemRequest } from '@tributary/kit/world';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
let operator: Principal;
let workspaceId: string;

beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

beforeEach(() => {
  workspaceId = newUuid();
  operator = person(workspaceId);
});

async function fail(...retryable: boolean[]): Promise<string[]> {
  const flows = retryable.map(() => newUuid());
  for (const [index, flow] of flows.entries()) await world.failFlow(workspaceId, flow, retryable[index]);
  await world.consumer().catchUp();
  return flows;
}

const acknowledge = `mutation ($id: ID!, $comment: String, $key: String) { acknowledgeAlert(input: { id: $id, comment: $comment, idempotencyKey: $key }) {
  alert { status comment acknowledgedAt version acknowledgedBy { __typename ... on User { id } ... on ApiKey { id } } } } }`;
const resolve = `mutation ($id: ID!, $comment: String) { resolveAlert(input: { id: $id, comment: $comment }) { alert { status comment resolvedAt version } } }`;
const updates = `subscription ($filter: AlertUpdatesFilter, $after: Cursor) { alertUpdates(filter: $filter, after: $after) {
  sequence cursor previousCursor type data occurredAt alert { id status flow { id } } } }`;

describe('lists', () => {
  test('come most recently seen first, page by page, with filters and a count', async () => {
    const flows = await fail(true, false, true, false, true);
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: any = (await world.get(operator, alertList, { first: 2, after })).alerts;
      expect(page.totalCount).toBe(5);
      ids.push(...page.nodes.map((node: { flow: { id: string } }) => node.flow.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(ids).toEqual(flows.map((flow) => `flow_${flow}`).reverse());
    const count = async (filter: object) => (await world.get(operator, alertList, { filter })).alerts.totalCount;
    expect(await count({ minSeverity: 'CRITICAL' })).toBe(2);
    expect(await count({ minSeverity: 'INFO' })).toBe(5);
    expect(await count({ flowId: [`flow_${flows[0]}`, `flow_${newUuid()}`] })).toBe(1);
    expect(await count({ status: ['RESOLVED'] })).toBe(0);
    expect(await count({ status: ['FIRING', 'ACKNOWLEDGED'] })).toBe(5);
    expect(await count({ ruleId: [`rule_${newUuid()}`] })).toBe(0);
    expect(await count({ assetId: [`flow_${flows[0]}`] })).toBe(0);
    expect(codesOf(await world.ask(operator, alertList, { filter: { flowId: ['nonsense'] } }))).toEqual([
      'INVALID_INPUT',
    ]);
    expect(codesOf(await world.ask(operator, alertList, { first: 101 }))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await world.ask(operator, alertList, { after: 'nonsense' }))).toEqual(['INVALID_INPUT']);
  });

  test('find words of titles and times, and count what else could be chosen', async () => {
    await fail(true, false, true);
    // Two may be seen within one millisecond.
    await world.superuser(
      `update alert set last_seen_at = last_seen_at - n * interval '1 second'
       from (select id, row_number() over (order by id) as n from alert where workspace_id = $1) numbered
       where alert.workspace_id = $1 and alert.id = numbered.id`,
      [workspaceId],
    );
    const all = (await world.get(operator, '{ alerts { nodes { id title severity lastSeenAt } } }')).alerts.nodes;
    const found = async (filter: object) => {
      const { alerts } = await world.get(operator, alertList, { filter });
      expect(alerts.nodes).toHaveLength(alerts.totalCount);
      return alerts.totalCount as number;
    };
    const [word] = (all[0].title as string).split(' ');
    expect(await found({ search: word!.toUpperCase() })).toBe(3);
    expect(await found({ search: '%' })).toBe(0);
    expect(await found({ search: 'nothing says this' })).toBe(0);
    expect(await found({ seenAfter: all[1].lastSeenAt })).toBe(2);
    expect(await found({ seenBefore: all[1].lastSeenAt })).toBe(1);
    expect(codesOf(await world.ask(operator, alertList, { filter: { search: 'a '.repeat(11) } }))).toEqual([
      'INVALID_INPUT',
    ]);
    const facets =
      'query ($filter: AlertFilter) { alertFacets(filter: $filter) { status { value count } severity { value count } } }';
    const { alertFacets } = await world.get(operator, facets, { filter: { minSeverity: 'CRITICAL' } });
    expect(alertFacets.status).toEqual([{ value: 'FIRING', count: 1 }]);
    expect(alertFacets.severity.map(({ count }: { count: number }) => count)).toEqual([2, 1]);
    expect((await world.get(person(newUuid()), facets)).alertFacets).toEqual({ status: [], severity: [] });
  });

  test('show nothing of another workspace', async () => {
    await fail(true);
    const id: string = (await world.get(operator, alertList)).alerts.nodes[0].id;
    const stranger = person(newUuid());
    expect((await world.get(stranger, alertList)).alerts).toMatchObject({ nodes: [], totalCount: 0 });
    expect(await world.get(stranger, `query ($id: ID!) { alert(id: $id) { id } }`, { id })).toEqual({ alert: null });
    expect(await world.get(operator, `query ($id: ID!) { alert(id: $id) { id } }`, { id })).toEqual({ alert: { id } });
    expect(codesOf(await world.ask(stranger, acknowledge, { id }))).toEqual(['RESOURCE_NOT_FOUND']);
    expect(await world.commands.call(existingCommand.alert, { ids: [id] }, systemRequest(workspaceId))).toEqual([id]);
    expect(await world.commands.call(existingCommand.alert, { ids: [id] }, systemRequest(newUuid()))).toEqual([]);
  });

  test('take one statement, whatever they join, and another for the stream’s place and the count', async () => {
    await fail(...Array.from({ length: 30 }, () => true));
    await world.get(operator, createRule, { rule: rule() });
    world.statements.length = 0;
    await world.get(
      operator,
      `query { alerts { nodes { id flow { id } rule { id } acknowledgedBy { __typename } } } }`,
    );
    expect(world.statements).toEqual(['alert.listAlerts']);
    world.statements.length = 0;
    await world.get(operator, alertList);
    expect(world.statements).toEqual(['alert.listAlerts', 'event.readHead', 'alert.countAlerts']);
  });

  test('of many flows, or assets, take one statement', async () => {
    const flows = await fail(...Array.from({ length: 40 }, () => true));
    for (const flow of flows.slice(0, 5)) {
      await world.tell(workspaceId, flow, 'flow.finished', { status: 'SUCCEEDED' });
      await world.failFlow(workspaceId, flow, true);
    }
    await world.consumer().catchUp();
    const entities = (
      type: string,
      more = '',
    ) => `query ($representations: [_Any!]!, $first: Int! = 10, $after: Cursor) { _entities(representations: $representations) {
      ... on ${type} { id alerts(first: $first, after: $after) { nodes { id status occurrences } pageInfo { hasNextPage endCursor } ${more} } } } }`;
    const representations = flows.map((flow) => ({ __typename: 'Flow', id: `flow_${flow}` }));
    world.statements.length = 0;
    const { _entities: found } = await world.get(operator, entities('Flow'), { representations, first: 1 });
    expect(world.statements).toEqual(['alert.listAlertsOf']);
    expect(found[0].alerts).toMatchObject({ nodes: [{ status: 'FIRING' }], pageInfo: { hasNextPage: true } });
    expect(found[39].alerts).toMatchObject({ nodes: [{ status: 'FIRING' }], pageInfo: { hasNextPage: false } });
    world.statements.length = 0;
    const more = await world.get(operator, entities('Flow', 'totalCount streamCursor'), {
      representations: representations.slice(0, 5),
      first: 1,
      after: found[0].alerts.pageInfo.endCursor,
    });
    expect(world.statements).toEqual(['alert.listAlertsOf', 'event.readHead', 'alert.countAlertsOf']);
    expect(more._entities[0].alerts).toMatchObject({ nodes: [{ status: 'RESOLVED' }], totalCount: 2 });
    const assets = [{ __typename: 'Asset', id: `asset_${newUuid()}` }];
    expect(
      (await world.get(operator, entities('Asset', 'totalCount'), { representations: assets }))._entities[0].alerts,
    ).toMatchObject({ nodes: [], totalCount: 0 });
  });

  test('under row-level security read an index and not the table', async () => {
    await world.superuser(
      `insert into alert (workspace_id, id, fingerprint, severity, status, title, description, labels, first_seen_at, last_seen_at, resolved_at, flow_id)
       select $1, gen_random_uuid(), 'f' || n, 'INFO', 'RESOLVED', 't', 'd', '{}', now(), now() - n * interval '1 second', now(), gen_random_uuid() from generate_series(1, 20000) n`,
      [workspaceId],
    );
    await world.superuser('analyze alert');
    const app = new pg.Client({ connectionString: world.testDatabase.appUrl });
    await app.connect();
    try {
      await app.query('begin');
      await app.query(`select set_config('app.workspace_id', $1, true)`, [workspaceId]);
      const plan = async (text: string, values: unknown[]) => {
        const { rows } = await app.query(`explain ${text}`, [workspaceId, ...values]);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      };
      const order = 'order by last_seen_at desc, id desc limit 51';
      const newest = await plan(
        `select * from alert where workspace_id = $1 and (last_seen_at, id) < ($2::timestamptz, $3::uuid) ${order}`,
        [new Date(), newUuid()],
      );
      expect(newest).toContain('Index Scan using alert_recent');
      expect(newest).not.toContain('Sort');
      expect(
        await plan(`select * from alert where workspace_id = $1 and flow_id = any($2::uuid[]) ${order}`, [[newUuid()]]),
      ).toContain('alert_by_flow');
      expect(
        await plan(
          `select * from alert where workspace_id = $1 and fingerprint = any($2::text[]) and status <> 'RESOLVED' for update`,
          [['f1']],
        ),
      ).toContain('alert_open');
      const lateral = await plan(
        `select found.* from unnest($2::uuid[]) as wanted (owner_id) cross join lateral (
           select * from alert where workspace_id = $1 and flow_id = wanted.owner_id ${order}) as found`,
        [[newUuid(), newUuid()]],
      );
      expect(lateral).toContain('Index Scan using alert_by_flow');
      expect(lateral).not.toContain('Seq Scan on alert');
    } finally {
      await app.end();
    }
  });
});

describe('people', () => {
  test('acknowledge once and resolve once, by name and with what they said', async () => {
    await fail(true);
    const id: string = (await world.get(operator, alertList)).alerts.nodes[0].id;
    const input = { id, comment: 'I look at it', key: 'k' };
    const first = await world.get(operator, acknowledge, input);
    expect(first.acknowledgeAlert.alert).toEqual({
      status: 'ACKNOWLEDGED',
      comment: 'I look at it',
      acknowledgedAt: expect.any(String),
      version: 2,
      acknowledgedBy: { __typename: 'User', id: `user_${(operator.actor as { id: string }).id}` },
    });
    expect(await world.get(operator, acknowledge, input)).toEqual(first);
    expect(codesOf(await world.ask(operator, acknowledge, { id }))).toEqual(['RESOURCE_CONFLICT']);
    const resolved = (await world.get(operator, resolve, { id })).resolveAlert.alert;
    expect(resolved).toEqual({
      status: 'RESOLVED',
      comment: 'I look at it',
      resolvedAt: expect.any(String),
      version: 3,
    });
    expect(codesOf(await world.ask(operator, resolve, { id }))).toEqual(['RESOURCE_CONFLICT']);
    expect(codesOf(await world.ask(operator, acknowledge, { id }))).toEqual(['RESOURCE_CONFLICT']);
    const trail = await world.superuser(
      `select action, actor_kind, before, after from audit_entry where workspace_id = $1 and actor_kind = 'user' order by number`,
      [workspaceId],
    );
    expect(trail).toEqual([
      {
        action: 'alert.acknowledge',
        actor_kind: 'user',
        before: { status: 'FIRING', ownerId: null },
        after: {
          status: 'ACKNOWLEDGED',
          until: null,
          ownerId: `user_${(operator.actor as { id: string }).id}`,
          comment: 'I look at it',
        },
      },
      {
        action: 'alert.resolve',
        actor_kind: 'user',
        before: { status: 'ACKNOWLEDGED' },
        after: { status: 'RESOLVED', reason: 'RESOLVED_BY_PERSON' },
      },
    ]);
  });

  test('who race for one alert: one wins', async () => {
    await fail(true);
    const id: string = (await world.get(operator, alertList)).alerts.nodes[0].id;
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.ask(operator, acknowledge, { id })));
    expect(answers.filter((answer) => !answer.errors)).toHaveLength(1);
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 1, 'alert.acknowledged': 1 });
  });

  test('need the action, also as a key that joins', async () => {
    const [flow] = await fail(true);
    const id: string = (await world.get(operator, alertList)).alerts.nodes[0].id;
    expect(codesOf(await world.ask(person(workspaceId, 'VIEWER'), acknowledge, { id }))).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    const key: Principal = {
      workspaceId,
      actor: { kind: 'apiKey', id: newUuid() },
      role: 'VIEWER',
      scopes: ['flow.read'],
    };
    const join = await world.ask(
      key,
      `query ($id: ID!) { _entities(representations: [{ __typename: "Flow", id: $id }]) { ... on Flow { alerts { nodes { id } } } } }`,
      { id: `flow_${flow}` },
    );
    expect(codesOf(join)).toEqual(['INSUFFICIENT_PERMISSIONS']);
    const entity = await world.ask(
      key,
      `query ($id: ID!) { _entities(representations: [{ __typename: "Alert", id: $id }]) { ... on Alert { title } } }`,
      { id },
    );
    expect(codesOf(entity)).toEqual(['INSUFFICIENT_PERMISSIONS']);
    const alertKey: Principal = { ...key, scopes: ['alert.read'] };
    const { data, errors } = await world.ask(alertKey, `query ($id: ID!) { alert(id: $id) { id flow { id } } }`, {
      id,
    });
    expect(data).toEqual({ alert: { id, flow: null } });
    expect(errors).toHaveLength(1);
  });
});

describe('alertUpdates', () => {
  test('begins with a snapshot, then tells everything once and in order, with the alert as it is now', async () => {
    const watcher = await world.watch(operator, updates);
    const next = async () => (await watcher.next()).value.data.alertUpdates;
    const snapshot = await next();
    expect(snapshot).toMatchObject({
      sequence: 0,
      type: 'stream.snapshot',
      previousCursor: null,
      alert: null,
      data: {},
    });
    const [flow] = await fail(true);
    const fired = await next();
    expect(fired).toMatchObject({
      sequence: 1,
      previousCursor: snapshot.cursor,
      type: 'alert.fired',
      data: { status: 'FIRING', severity: 'WARNING', occurrences: 1 },
      alert: { status: 'FIRING', flow: { id: `flow_${flow}` } },
    });
    await world.get(operator, acknowledge, { id: fired.alert.id });
    expect(await next()).toMatchObject({
      sequence: 2,
      type: 'alert.acknowledged',
      alert: { id: fired.alert.id, status: 'ACKNOWLEDGED' },
    });
    await world.get(operator, resolve, { id: fired.alert.id });
    expect(await next()).toMatchObject({
      sequence: 3,
      type: 'alert.resolved',
      data: { reason: 'RESOLVED_BY_PERSON' },
      alert: { status: 'RESOLVED' },
    });
    await watcher.return!();

    const resumed = await world.watch(operator, updates, { after: fired.cursor });
    const again = (await resumed.next()).value.data.alertUpdates;
    expect(again).toMatchObject({
      sequence: 2,
      type: 'alert.acknowledged',
      previousCursor: fired.cursor,
      alert: { status: 'RESOLVED' },
    });
    await resumed.return!();
  });

  test('goes on without a gap behind a list’s streamCursor', async () => {
    await fail(true);
    const { streamCursor, nodes } = (await world.get(operator, alertList)).alerts;
    const [flow] = await fail(true);
    const watcher = await world.watch(operator, updates, { after: streamCursor });
    const event = (await watcher.next()).value.data.alertUpdates;
    expect(event).toMatchObject({
      sequence: 2,
      type: 'alert.fired',
      previousCursor: streamCursor,
      alert: { flow: { id: `flow_${flow}` } },
    });
    expect(nodes).toHaveLength(1);
    await watcher.return!();
  });

  test('lets through what the filter names, to the end of its life', async () => {
    const watcher = await world.watch(operator, updates, { filter: { minSeverity: 'CRITICAL' } });
    await watcher.next();
    const [, grave] = await fail(true, false);
    await world.tell(workspaceId, grave!, 'flow.finished', { status: 'SUCCEEDED' });
    await world.consumer().catchUp();
    const seen = [(await watcher.next()).value.data.alertUpdates, (await watcher.next()).value.data.alertUpdates];
    expect(seen).toMatchObject([
      { sequence: 2, type: 'alert.fired', alert: { flow: { id: `flow_${grave}` } } },
      { sequence: 3, type: 'alert.resolved', data: { reason: 'FLOW_SUCCEEDED' } },
    ]);
    await watcher.return!();
  });

  test('resets a reader from another workspace and refuses a malformed cursor', async () => {
    await fail(true);
    const { streamCursor } = (await world.get(operator, alertList)).alerts;
    const stranger = person(newUuid());
    const watcher = await world.watch(stranger, updates, { after: streamCursor });
    expect((await watcher.next()).value.data.alertUpdates).toMatchObject({
      type: 'stream.reset',
      sequence: 0,
      alert: null,
      data: { reason: expect.any(String) },
    });
    await watcher.return!();
    expect(codesOf(await world.ask(operator, updates, { after: 'nonsense' }))).toEqual(['INVALID_INPUT']);
  });

  test('needs alert.read', async () => {
    const key: Principal = {
      workspaceId,
      actor: { kind: 'apiKey', id: newUuid() },
      role: 'VIEWER',
      scopes: ['flow.read'],
    };
    expect(codesOf(await world.ask(key, updates))).toEqual(['INSUFFICIENT_PERMISSIONS']);
  });
});
