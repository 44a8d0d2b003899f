import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { codesOf, person } from '@tributary/kit/world';
import { createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
let workspaceId: string;
let admin: Principal;
let [pager, mail, boss] = ['', '', ''];

beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.superuser('delete from alert_rule');
  workspaceId = newUuid();
  admin = person(workspaceId, 'ADMIN');
  world.figures = () => [];
  world.aheadMs = 0;
  world.knownChannels.clear();
  [pager, mail, boss] = [newUuid(), newUuid(), newUuid()];
  for (const channel of [pager, mail, boss]) world.knownChannels.add(`channel_${channel}`);
});

const set = `mutation ($input: SetAlertRoutesInput!) { setAlertRoutes(input: $input) { routes { version routes { id name } } } }`;
const list = `{ alertRoutes { version routes { id name goOn groupBy groupWaitSeconds groupIntervalSeconds repeatSeconds
  matchers { label values } steps { afterSeconds channels { id } } } } }`;

const step = (channel: string, afterSeconds = 0) => ({ afterSeconds, channelIds: [`channel_${channel}`] });
const route = (facts: Record<string, unknown> = {}) => ({ name: 'All', matchers: [], steps: [step(mail)], ...facts });
const setRoutes = async (routes: object[], version = 0) =>
  (await world.get(admin, set, { input: { version, routes } })).setAlertRoutes.routes;
const refused = async (routes: object[], version = 0) =>
  (await world.ask(admin, set, { input: { version, routes } })).errors?.[0]?.extensions;

async function fail(count = 1, retryable = false): Promise<void> {
  for (let made = 0; made < count; made += 1) await world.failFlow(workspaceId, newUuid(), retryable);
  await world.consumer().catchUp();
}

const alertIds = async () =>
  (await world.get(admin, `{ alerts { nodes { id severity group } } }`)).alerts.nodes as {
    id: string;
    severity: string;
    group: string;
  }[];
const told = async () =>
  (await world.notifications(workspaceId)).map(({ kind, route: name, channelIds, total }) => ({
    kind,
    name,
    channelIds,
    total,
  }));

describe('routes', () => {
  test('are one list with one version, and a route that keeps its name is the same route', async () => {
    expect((await world.get(admin, list)).alertRoutes).toEqual({ version: 0, routes: [] });
    const first = await setRoutes([route({ name: 'A' }), route({ name: 'B' })]);
    expect(first).toMatchObject({ version: 1, routes: [{ name: 'A' }, { name: 'B' }] });
    const second = await setRoutes([route({ name: 'B', goOn: true }), route({ name: 'C' })], 1);
    expect(second.routes[0].id).toBe(first.routes[1].id);
    expect((await world.get(admin, list)).alertRoutes).toMatchObject({
      version: 2,
      routes: [
        {
          name: 'B',
          goOn: true,
          matchers: [],
          groupBy: ['ruleId'],
          groupWaitSeconds: 30,
          groupIntervalSeconds: 300,
          repeatSeconds: 14_400,
          steps: [{ afterSeconds: 0, channels: [{ id: `channel_${mail}` }] }],
        },
        { name: 'C' },
      ],
    });
    expect(await refused([], 1)).toMatchObject({ code: 'RESOURCE_CONFLICT', details: { reason: 'VERSION_MISMATCH' } });
    expect(await refused([], 7)).toMatchObject({ code: 'RESOURCE_CONFLICT' });
    const trail = await world.superuser(`select action from audit_entry where workspace_id = $1`, [workspaceId]);
    expect(trail).toEqual([{ action: 'alertRoute.set' }, { action: 'alertRoute.set' }]);
    expect((await world.get(person(newUuid(), 'ADMIN'), list)).alertRoutes.routes).toEqual([]);
    expect(codesOf(await world.ask(person(workspaceId), set, { input: { version: 2, routes: [] } }))).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });

  test('are set by one of many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.ask(admin, set, { input: { version: 0, routes: [route()] } })),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect((await world.get(admin, list)).alertRoutes).toMatchObject({ version: 1, routes: [{ name: 'All' }] });
  });

  test('name channels that the workspace has, and leave out those that are gone', async () => {
    expect(await refused([route({ steps: [step(newUuid())] })])).toMatchObject({ code: 'INVALID_INPUT' });
    await setRoutes([route({ steps: [step(pager)] })]);
    world.knownChannels.delete(`channel_${pager}`);
    expect((await world.get(admin, list)).alertRoutes.routes[0].steps).toEqual([{ afterSeconds: 0, channels: [] }]);
  });

  test('that cannot be are refused', async () => {
    const wrong = [
      [route(), route()],
      [route({ name: ' ' })],
      [route({ steps: [] })],
      [route({ steps: [step(mail, 10)] })],
      [route({ steps: [step(mail), step(boss, 20)] })],
      [route({ steps: [{ afterSeconds: 0, channelIds: [] }] })],
      [route({ groupBy: ['squad'] })],
      [route({ groupBy: ['key', 'key'] })],
      [route({ matchers: [{ label: 'squad', values: ['a'] }] })],
      [route({ matchers: [{ label: 'severity', values: ['LOUD'] }] })],
      [route({ groupWaitSeconds: 4_000 })],
      [route({ repeatSeconds: 1 })],
    ];
    for (const routes of wrong) expect(await refused(routes)).toMatchObject({ code: 'INVALID_INPUT' });
    const many = Array.from({ length: 51 }, (_, index) => route({ name: `${index}` }));
    expect(await refused(many)).toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  test('are tried on an alert: the first that takes it, and those behind it while they go on', async () => {
    await fail(1, true);
    await fail(1, false);
    const critical = [{ label: 'severity', values: ['CRITICAL'] }];
    await setRoutes([
      route({ name: 'Log', goOn: true }),
      route({ name: 'Grave', matchers: critical }),
      route({ name: 'Rest' }),
    ]);
    const preview = `query ($id: ID!) { previewAlertRoute(alertId: $id) { name } }`;
    const names = async (severity: string) => {
      const { id } = (await alertIds()).find((alert) => alert.severity === severity)!;
      return (await world.get(admin, preview, { id })).previewAlertRoute.map(({ name }: { name: string }) => name);
    };
    expect(await names('CRITICAL')).toEqual(['Log', 'Grave']);
    expect(await names('WARNING')).toEqual(['Log', 'Rest']);
    const unknown = await world.get(admin, preview, { id: 'alert_0190a000-0000-7000-8000-000000000001' });
    expect(unknown.previewAlertRoute).toBeNull();
  });
});

describe('people are told', () => {
  test('once of 40 alerts in 30 seconds, with the gravest in front', async () => {
    await setRoutes([route({ groupBy: [] })]);
    await fail(39, true);
    await fail(1, false);
    await world.tellGroups(29);
    expect(await told()).toEqual([]);
    await world.tellGroups(2);
    const [only, ...others] = await world.notifications(workspaceId);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ kind: 'FIRED', route: 'All', step: 0, channelIds: [mail], total: 40, group: {} });
    expect(only!.alerts[0]).toMatchObject({ severity: 'CRITICAL', status: 'FIRING', resolvedAt: null });
    const groups = new Set((await alertIds()).map(({ group }) => group));
    expect([...groups]).toEqual([only!.groupKey]);
  });

  test('of each rule or group by itself, by the labels that routes say', async () => {
    const made = (
      await world.get(admin, createRule, {
        rule: rule({ groupBy: 'AGENT', labels: { team: 'data' }, delaySeconds: 0, everySeconds: 10 }),
      })
    ).createAlertRule.rule;
    await setRoutes([route({ groupBy: ['team', 'key'] })]);
    world.figures = () => ['a', 'b'].map((key) => ({ key, value: 0.5 }));
    await world.pass(10);
    await world.tellGroups(31);
    const found = await world.notifications(workspaceId);
    expect(found.map(({ group }) => group)).toEqual(
      expect.arrayContaining([
        { team: 'data', key: 'a' },
        { team: 'data', key: 'b' },
      ]),
    );
    expect(found).toHaveLength(2);
    expect(found[0]!.alerts[0]).toMatchObject({ fingerprint: expect.stringContaining(`rule:${made.id.slice(5)}:`) });
  });

  test('nothing under a silence, and what is left behind it', async () => {
    await setRoutes([route()]);
    const until = new Date(Date.now() + 120_000).toISOString();
    await world.get(
      admin,
      `mutation ($until: DateTime!) { createAlertSilence(input: { matchers: [], comment: "Work", endsAt: $until }) { matches } }`,
      { until },
    );
    await fail(2);
    await world.tellGroups(60);
    expect(await told()).toEqual([]);
    world.aheadMs += 61_000;
    await world.moveSilences();
    await world.tellGroups(31);
    expect(await told()).toEqual([{ kind: 'FIRED', name: 'All', channelIds: [mail], total: 2 }]);
  });

  test('step by step while nobody acknowledges, and that somebody has, and that it is over', async () => {
    await setRoutes([route({ steps: [step(mail), step(pager, 300), step(boss, 900)] })]);
    await fail();
    await world.tellGroups(31);
    await world.tellGroups(280);
    expect(await told()).toEqual([
      { kind: 'FIRED', name: 'All', channelIds: [mail], total: 1 },
      { kind: 'ESCALATED', name: 'All', channelIds: [pager], total: 1 },
    ]);
    const { id } = (await alertIds())[0]!;
    const history = `query ($id: ID!) { alert(id: $id) { history { nodes { kind facts } } } }`;
    expect((await world.get(admin, history, { id })).alert.history.nodes.at(-1)).toMatchObject({
      kind: 'escalated',
      facts: { reason: 'NOT_ACKNOWLEDGED', step: 1 },
    });
    await world.get(admin, `mutation ($id: ID!) { acknowledgeAlert(input: { id: $id }) { alert { id } } }`, { id });
    await world.tellGroups(400);
    await world.tellGroups(4_000);
    expect((await told()).slice(2)).toEqual([{ kind: 'UPDATED', name: 'All', channelIds: [mail, pager], total: 1 }]);
    await world.get(admin, `mutation ($id: ID!) { resolveAlert(input: { id: $id }) { alert { id } } }`, { id });
    await world.tellGroups(400);
    expect((await told()).slice(3)).toEqual([{ kind: 'RESOLVED', name: 'All', channelIds: [mail, pager], total: 1 }]);
    expect(await world.superuser('select from alert_group where workspace_id = $1', [workspaceId])).toEqual([]);
  });

  test('of open alerts by routes that did not have them before, and by no other', async () => {
    await setRoutes([route({ name: 'Old' })]);
    await fail();
    await world.tellGroups(31);
    await setRoutes([route({ name: 'Old' }), route({ name: 'New', steps: [step(pager)] })], 1);
    await world.tellGroups(31);
    expect((await told()).map(({ name }) => name)).toEqual(['Old']);
    await setRoutes([route({ name: 'New', steps: [step(pager)] })], 2);
    await world.tellGroups(31);
    expect((await told()).map(({ name, kind }) => `${name} ${kind}`)).toEqual(['Old FIRED', 'Old MOVED', 'New FIRED']);
  });

  test('for the last time by channels that are not told of them any more, and nothing is left of their groups', async () => {
    const both = [step(mail), step(pager, 300)];
    await setRoutes([route({ name: 'One', steps: both })]);
    await fail();
    await world.tellGroups(31);
    // The step that nobody has come to yet is left out: its channel knows of nothing.
    await setRoutes([route({ name: 'One', steps: [step(boss)] })], 1);
    expect((await told()).slice(1)).toEqual([{ kind: 'MOVED', name: 'One', channelIds: [mail], total: 1 }]);
    await setRoutes([], 2);
    for (const table of ['alert_group', 'alert_group_member'])
      expect(await world.superuser(`select from ${table} where workspace_id = $1`, [workspaceId])).toEqual([]);
    await setRoutes([route({ name: 'Two' })], 3);
    await world.tellGroups(31);
    await setRoutes([route({ name: 'Two', matchers: [{ label: 'severity', values: ['INFO'] }] })], 4);
    expect((await told()).slice(-2).map(({ kind }) => kind)).toEqual(['FIRED', 'MOVED']);
    expect(await world.superuser('select from alert_group where workspace_id = $1', [workspaceId])).toEqual([]);
  });

  test('once by two that tell at once', async () => {
    await setRoutes([route()]);
    await fail();
    await world.tellGroups(0);
    world.aheadMs += 31_000;
    await Promise.all(Array.from({ length: 8 }, () => world.tellGroups(0)));
    expect(await told()).toHaveLength(1);
  });
});
