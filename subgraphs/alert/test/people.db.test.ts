import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { eventually } from '@tributary/kit';
import { codesOf, person } from '@tributary/kit/world';
import { AlertTransitions } from '../src/domain/AlertTransitions.js';
import { expireDueAcknowledgements } from '../src/domain/expireAcknowledgements.js';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
let workspaceId: string;
let one: Principal;
let other: Principal;

beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.superuser('delete from alert_rule');
  workspaceId = newUuid();
  one = person(workspaceId);
  other = person(workspaceId);
  for (const { actor } of [one, other]) world.knownUsers.add(`user_${(actor as { id: string }).id}`);
  world.figures = () => [];
});

const idOf = ({ actor }: Principal) => `user_${(actor as { id: string }).id}`;
const fields = 'id status comment acknowledgedUntil resolvedReason version owner { id }';
const mutation = (field: string, selection = `alert { ${fields} }`) =>
  `mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { ${selection} } }`;
const act = async (by: Principal, field: string, input: object) =>
  (await world.get(by, mutation(field), { input }))[field].alert;
const refuse = (by: Principal, field: string, input: object) => world.ask(by, mutation(field), { input });

async function fail(count = 1): Promise<string[]> {
  for (let made = 0; made < count; made += 1) await world.failFlow(workspaceId, newUuid());
  await world.consumer().catchUp();
  return (await world.get(one, alertList)).alerts.nodes.map((node: { id: string }) => node.id);
}

/** Holds an alert as one who changes it does. */
async function holdAlert(id: string) {
  const client = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select from alert where id = $1 for update', [id.slice('alert_'.length)]);
  return {
    letGo: () => client.query('commit'),
    /** How many wait for it, or for one who does: seen by a connection of its own, since a transaction looks once. */
    waiting: async () => {
      const text = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await world.superuser(text))[0]!['n'];
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

const history = async (id: string, first = 50, after: string | null = null) =>
  (
    await world.get(
      one,
      `query ($id: ID!, $first: Int!, $after: Cursor) { alert(id: $id) { history(first: $first, after: $after) {
        nodes { number kind comment facts actor { __typename ... on User { id } ... on SystemActor { part } } } pageInfo { endCursor hasNextPage } } } }`,
      { id, first, after },
    )
  ).alert.history;

describe('an alert', () => {
  test('is taken up by one of fifty, and the others are told who was first', async () => {
    const [id] = await fail();
    const people = Array.from({ length: 50 }, () => person(workspaceId));
    // Held until as many as there are connections have read it: none is so fast that the others come when it is over.
    await using held = await holdAlert(id!);
    const asked = Promise.all(people.map((each) => refuse(each, 'acknowledgeAlert', { id })));
    await eventually(async () => expect(await held.waiting()).toBeGreaterThan(5));
    await held.letGo();
    const answers = await asked;
    const won = answers.flatMap((answer, index) => (answer.errors ? [] : [people[index]!]));
    expect(won).toHaveLength(1);
    for (const { errors } of answers.filter((answer) => answer.errors)) {
      expect(errors![0]!.extensions).toMatchObject({
        code: 'RESOURCE_CONFLICT',
        details: { reason: 'ALREADY_ACKNOWLEDGED', actor: { kind: 'user', id: idOf(won[0]!) }, at: expect.any(String) },
      });
    }
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 1, 'alert.acknowledged': 1 });
  });

  test('is taken over, handed on and given back, and its history has all of it', async () => {
    const [id] = await fail();
    expect(await act(one, 'acknowledgeAlert', { id, comment: 'I take it' })).toMatchObject({
      status: 'ACKNOWLEDGED',
      owner: { id: idOf(one) },
    });
    expect(await act(other, 'acknowledgeAlert', { id, takeOver: true })).toMatchObject({ owner: { id: idOf(other) } });
    expect(await act(other, 'assignAlert', { id, ownerId: idOf(one), comment: 'You know it' })).toMatchObject({
      owner: { id: idOf(one) },
    });
    expect(await act(one, 'assignAlert', { id, ownerId: null })).toMatchObject({ owner: null });
    expect(await act(one, 'unacknowledgeAlert', { id })).toMatchObject({ status: 'FIRING', owner: null });
    expect(codesOf(await refuse(one, 'unacknowledgeAlert', { id }))).toEqual(['RESOURCE_CONFLICT']);
    const said = await world.get(one, mutation('commentOnAlert', `alert { comment } entry { number kind comment }`), {
      input: { id, comment: 'The disk is full' },
    });
    expect(said.commentOnAlert).toMatchObject({
      alert: { comment: 'The disk is full' },
      entry: { kind: 'commented', comment: 'The disk is full' },
    });
    await act(one, 'resolveAlert', { id, comment: 'done' });
    const { nodes } = await history(id!);
    expect(nodes.map(({ kind, comment }: { kind: string; comment: string | null }) => [kind, comment])).toEqual([
      ['fired', null],
      ['acknowledged', 'I take it'],
      ['acknowledged', null],
      ['assigned', 'You know it'],
      ['assigned', null],
      ['unacknowledged', null],
      ['commented', 'The disk is full'],
      ['resolved', 'done'],
    ]);
    expect(nodes.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(nodes[0].actor).toEqual({ __typename: 'SystemActor', part: 'alert.flows' });
    expect(nodes[1].actor).toEqual({ __typename: 'User', id: idOf(one) });
    expect(nodes[7].facts).toMatchObject({ reason: 'RESOLVED_BY_PERSON', version: 8 });
    const page = await history(id!, 3);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect((await history(id!, 3, page.pageInfo.endCursor)).nodes[0].number).toBe(4);
    const trail = await world.superuser(
      `select action from audit_entry where workspace_id = $1 and actor_kind = 'user' order by number`,
      [workspaceId],
    );
    expect(trail.map((row) => row['action'])).toEqual([
      'alert.acknowledge',
      'alert.acknowledge',
      'alert.assign',
      'alert.assign',
      'alert.unacknowledge',
      'alert.comment',
      'alert.resolve',
    ]);
  });

  test('is given back when its time is over', async () => {
    const [id] = await fail();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(await act(one, 'acknowledgeAlert', { id, until })).toMatchObject({ acknowledgedUntil: until });
    const transitions = new AlertTransitions(world.database);
    await expireDueAcknowledgements(world.database, transitions, 3_500_000);
    expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([{ status: 'ACKNOWLEDGED' }]);
    await Promise.all([1, 2].map(() => expireDueAcknowledgements(world.database, transitions, 3_700_000)));
    expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([{ status: 'FIRING', acknowledgedAt: null }]);
    expect((await history(id!)).nodes.at(-1)).toMatchObject({
      kind: 'unacknowledged',
      facts: { reason: 'EXPIRED' },
      actor: { part: 'alert.acknowledgements' },
    });
    expect((await world.eventCounts(workspaceId))['alert.unacknowledged']).toBe(1);
  });

  test('takes no nonsense: blank comments, strangers as owners, moments that are past or far', async () => {
    const [id] = await fail();
    const wrong = [
      { comment: '   ' },
      { comment: 'x'.repeat(2_001) },
      { ownerId: `user_${newUuid()}` },
      { until: new Date(Date.now() - 1_000).toISOString() },
      { until: new Date(Date.now() + 31 * 86_400_000).toISOString() },
    ];
    for (const more of wrong)
      expect(codesOf(await refuse(one, 'acknowledgeAlert', { id, ...more }))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await refuse(one, 'commentOnAlert', { id, comment: '\n' }))).toEqual(['INVALID_INPUT']);
    expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([{ status: 'FIRING', version: 1 }]);
    const viewer = person(workspaceId, 'VIEWER');
    for (const field of ['acknowledgeAlert', 'unacknowledgeAlert', 'assignAlert', 'resolveAlert'])
      expect(codesOf(await refuse(viewer, field, { id }))).toEqual(['INSUFFICIENT_PERMISSIONS']);
  });

  test('of many is changed by itself: what cannot be is named', async () => {
    const ids = await fail(4);
    await act(one, 'resolveAlert', { id: ids[0] });
    await act(one, 'acknowledgeAlert', { id: ids[1] });
    const unknown = `alert_${newUuid()}`;
    const selection = 'alerts { id status } refused { id code reason message }';
    const input = { ids: [...ids, unknown, ids[2]], idempotencyKey: 'once' };
    const first = await world.get(one, mutation('acknowledgeAlerts', selection), { input });
    const { alerts, refused } = first.acknowledgeAlerts;
    expect(alerts.map(({ id }: { id: string }) => id).sort()).toEqual([ids[2], ids[3]].sort());
    expect(Object.fromEntries(refused.map(({ id, reason }: { id: string; reason: string }) => [id, reason]))).toEqual({
      [ids[0]!]: 'ALREADY_RESOLVED',
      [ids[1]!]: 'ALREADY_ACKNOWLEDGED',
      [unknown]: 'RESOURCE_NOT_FOUND',
    });
    expect(await world.get(one, mutation('acknowledgeAlerts', selection), { input })).toEqual(first);
    const resolved = await world.get(one, mutation('resolveAlerts', selection), { input: { ids } });
    expect(resolved.resolveAlerts.alerts).toHaveLength(3);
    expect(resolved.resolveAlerts.refused).toMatchObject([{ id: ids[0], code: 'RESOURCE_CONFLICT' }]);
    const many = Array.from({ length: 251 }, () => unknown);
    expect(codesOf(await world.ask(one, mutation('resolveAlerts', selection), { input: { ids: many } }))).toEqual([
      'INVALID_INPUT',
    ]);
  });
});

describe('an alert of a rule', () => {
  const fires = async (facts: object = {}) => {
    const made = await world.get(one, createRule, { rule: rule(facts as Record<string, unknown>) });
    world.figures = () => [{ key: null, value: 1 }];
    await world.pass(15);
    const [alert] = (await world.get(one, alertList)).alerts.nodes;
    return { id: alert.id as string, rule: made.createAlertRule.rule as { id: string; version: number } };
  };

  test('that a person has called over while its condition holds stays quiet until that was over once', async () => {
    const { id } = await fires();
    await act(one, 'resolveAlert', { id });
    await world.pass(60);
    await world.pass(600);
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 1, 'alert.resolved': 1 });
    world.figures = () => [{ key: null, value: 0 }];
    await world.pass(15);
    world.figures = () => [{ key: null, value: 1 }];
    await world.pass(15);
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 2, 'alert.resolved': 1 });
  });

  test('fires again at once when that is asked for', async () => {
    const { id } = await fires();
    await act(one, 'resolveAlert', { id, refire: 'IMMEDIATELY' });
    await world.pass(15);
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 2, 'alert.resolved': 1 });
  });

  test('that is acknowledged, resolved and evaluated while its silence ends, begun in any order, ends in one state that all agree on', async () => {
    const silence = `mutation ($input: CreateAlertSilenceInput!) { createAlertSilence(input: $input) { silence { id } } }`;
    const endSilence = `mutation ($input: EndAlertSilenceInput!) { endAlertSilence(input: $input) { silence { active } } }`;
    for (const [round, order] of orders([0, 1, 2, 3]).entries()) {
      const { id, rule: made } = await fires({ name: `Order ${order.join('')}` });
      const matchers = [{ label: 'ruleId', values: [made.id] }];
      const endsAt = new Date(Date.now() + world.aheadMs + 3_600_000).toISOString();
      const held = await world.get(one, silence, { input: { matchers, comment: 'Known', endsAt } });
      world.figures = () => [{ key: null, value: round % 2 }];
      const acts = [
        () => refuse(one, 'acknowledgeAlert', { id }),
        () => refuse(other, 'resolveAlert', { id }),
        () => world.pass(15),
        () => world.get(other, endSilence, { input: { id: held.createAlertSilence.silence.id } }),
      ];
      const answers = await Promise.all(order.map((which) => acts[which]!()));
      const codes = answers.flatMap((answer) => (answer?.errors ? codesOf(answer) : []));
      expect([order, codes.filter((code) => code !== 'RESOURCE_CONFLICT')]).toEqual([order, []]);
      const [found] = await world.superuser(
        `select (select count(*)::int from alert where workspace_id = $1 and status <> 'RESOLVED') as alerts,
          (select count(*)::int from alert_instance where workspace_id = $1 and state = 'FIRING' and not muted_until_clear) as instances,
          (select count(*)::int from alert where workspace_id = $1 and suppressed_by is not null and status <> 'RESOLVED') as held,
          (select count(*)::int from alert a where workspace_id = $1 and version <> (
            select count(*) from alert_history h where h.workspace_id = $1 and h.alert_id = a.id)) as with_gaps`,
        [workspaceId],
      );
      const { alerts: open, ...others } = found!;
      expect([order, others]).toEqual([order, { instances: open, held: 0, with_gaps: 0 }]);
      await world.superuser('delete from alert_rule');
    }
  });

  test('becomes graver with its rule, and watchers who filter by what it was see it to its end', async () => {
    const { id, rule: made } = await fires();
    const update = `mutation ($input: UpdateAlertRuleInput!) { updateAlertRule(input: $input) { rule { version } } }`;
    const patch = (version: number, change: object) =>
      world.get(one, update, { input: { id: made.id, version, patch: change } });
    await patch(1, { name: 'Renamed', severity: 'CRITICAL' });
    await world.pass(15);
    expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([
      { id, severity: 'CRITICAL', status: 'FIRING' },
    ]);
    const events = await world.superuser(
      `select type, payload ->> 'severity' as severity, payload -> 'data' ->> 'severity' as now from event
       where workspace_id = $1 and stream_id = 'alerts' order by seq`,
      [workspaceId],
    );
    expect(events).toEqual([
      { type: 'alert.fired', severity: 'WARNING', now: 'WARNING' },
      { type: 'alert.escalated', severity: 'WARNING', now: 'CRITICAL' },
    ]);
    await patch(2, { severity: 'INFO' });
    expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([{ severity: 'CRITICAL' }]);
  });
});

/** All permutations. */
function orders(of: readonly number[]): number[][] {
  if (of.length <= 1) return [[...of]];
  return of.flatMap((first) => orders(of.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}
