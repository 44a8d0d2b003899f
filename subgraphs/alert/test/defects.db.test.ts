import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { person } from '@tributary/kit/world';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

/** What rules did wrong before they went through one machine, each as it was tried. Those of the data themselves: test/alerts. */
let world: AlertWorld;
let operator: Principal;
let workspaceId: string;

beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.superuser('delete from alert_rule');
  workspaceId = newUuid();
  operator = person(workspaceId);
  world.aheadMs = 0;
  world.lately = [];
  world.figures = () => [];
});

const create = async (facts: object = {}) =>
  (await world.get(operator, createRule, { rule: rule(facts as Record<string, unknown>) })).createAlertRule.rule;
const alerts = async () => (await world.get(operator, alertList)).alerts.nodes;
const update = `mutation ($input: UpdateAlertRuleInput!) { updateAlertRule(input: $input) { rule { version } } }`;

test('silence is not told as health: an alert stays when its data stop, and says since when', async () => {
  await create();
  world.figures = () => [{ key: null, value: 1 }];
  await world.pass(15);
  world.figures = () => [];
  await world.pass(300);
  const [alert] = await alerts();
  expect(alert).toMatchObject({ status: 'FIRING', noDataSince: expect.any(String) });
  await world.superuser('delete from alert_rule');
  workspaceId = newUuid();
  operator = person(workspaceId);
  await create({ noData: 'RESOLVE' });
  world.figures = () => [{ key: null, value: 1 }];
  await world.pass(15);
  world.figures = () => [];
  await world.pass(15);
  expect(await alerts()).toMatchObject([{ status: 'RESOLVED', resolvedReason: 'NO_DATA' }]);
});

test('a rule that waits for less is given a window before what never was counts as silent', async () => {
  await create({ metric: 'REQUESTS', comparison: 'BELOW', threshold: 1 });
  await world.pass(60);
  expect(await alerts()).toEqual([]);
  await world.pass(270);
  expect(await alerts()).toMatchObject([{ status: 'FIRING', value: 0 }]);
  const preview = `query ($input: AlertRuleInput!) { previewAlertRule(input: $input, range: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }) { firings { from } } }`;
  const input = rule({ metric: 'REQUESTS', comparison: 'BELOW', threshold: 1 });
  expect((await world.get(operator, preview, { input })).previewAlertRule.firings).toEqual([]);
});

test('groups beyond the most alerts are told: the worst have alerts, the others are counted in one that says so', async () => {
  const { id } = await create({ groupBy: 'AGENT', maxAlerts: 100 });
  world.figures = () => Array.from({ length: 150 }, (_, n) => ({ key: `agent ${n}`, value: 0.2 + n / 1_000 }));
  await world.pass(15);
  const counts = await world.superuser(
    `select fingerprint like '%#overflow' as own, count(*)::int as n, min(value) as least from alert where workspace_id = $1 group by 1 order by 1`,
    [workspaceId],
  );
  expect(counts).toEqual([
    { own: false, n: 100, least: 0.25 },
    { own: true, n: 1, least: 50 },
  ]);
  const health = `query ($id: ID!) { alertRule(id: $id) { health { droppedGroups } } }`;
  expect((await world.get(operator, health, { id })).alertRule.health.droppedGroups).toBe(50);
  world.figures = () => Array.from({ length: 150 }, (_, n) => ({ key: `agent ${n}`, value: n < 110 ? 0.5 : 0 }));
  await world.pass(15);
  expect((await world.get(operator, health, { id })).alertRule.health.droppedGroups).toBe(10);
  const preview = `query ($input: AlertRuleInput!) { previewAlertRule(input: $input, range: { last: HOUR }) { droppedGroups } }`;
  world.figures = () => Array.from({ length: 150 }, (_, n) => ({ key: `agent ${n}`, value: 0.5 }));
  const input = rule({ groupBy: 'AGENT', maxAlerts: 100 });
  expect((await world.get(operator, preview, { input })).previewAlertRule.droppedGroups).toBe(50);
});

test('good and bad data in turns are one alert that is told of a few times', async () => {
  await create({ windowSeconds: 10, everySeconds: 10, delaySeconds: 0 });
  const began = Math.ceil((Date.now() + world.aheadMs) / 20_000) * 20_000;
  world.figures = (tick) => [{ key: null, value: Math.floor((tick - began) / 10_000) % 2 === 0 ? 1 : 0 }];
  for (let turn = 0; turn < 12; turn += 1) await world.pass(10);
  expect(await alerts()).toMatchObject([{ flapping: true, reopened: 1, status: 'FIRING' }]);
  const counts = await world.eventCounts(workspaceId);
  expect(counts).toEqual({ 'alert.fired': 1, 'alert.resolved': 1, 'alert.reopened': 1, 'alert.flapping': 1 });
  world.figures = () => [{ key: null, value: 0 }];
  for (let turn = 0; turn < 4; turn += 1) await world.pass(300);
  expect(await alerts()).toMatchObject([{ flapping: false, status: 'RESOLVED', resolvedReason: 'BACK_TO_NORMAL' }]);
  const range = { from: new Date(began).toISOString(), to: new Date(began + 110_000).toISOString() };
  const preview = `query ($input: AlertRuleInput!, $from: DateTime!, $to: DateTime!) { previewAlertRule(input: $input, range: { from: $from, to: $to }) { notifications flapping } }`;
  world.figures = (tick) => [{ key: null, value: Math.floor((tick - began) / 10_000) % 2 === 0 ? 1 : 0 }];
  const before = new Date(Date.parse(range.from) - 86_400_000 * 20).toISOString();
  const then = new Date(Date.parse(before) + 120_000).toISOString();
  const input = rule({ windowSeconds: 10, everySeconds: 10, delaySeconds: 0 });
  const { previewAlertRule } = await world.get(operator, preview, { input, from: before, to: then });
  expect(previewAlertRule.flapping).toBe(true);
  // No route takes it: nobody is told.
  expect(previewAlertRule.notifications).toBe(0);
  world.knownChannels.add(`channel_${workspaceId}`);
  const admin = person(workspaceId, 'ADMIN');
  const steps = [{ afterSeconds: 0, channelIds: [`channel_${workspaceId}`] }];
  const routes = [{ name: 'All', matchers: [{ label: 'metric', values: ['ERROR_RATE'] }], steps }];
  const set = `mutation ($routes: [AlertRouteInput!]!) { setAlertRoutes(input: { version: 0, routes: $routes }) { routes { version } } }`;
  await world.get(admin, set, { routes });
  const told = (await world.get(operator, preview, { input, from: before, to: then })).previewAlertRule.notifications;
  expect(told).toBeGreaterThanOrEqual(1);
  expect(told).toBeLessThanOrEqual(3);
});

test('a rule that looks at something else ends its alerts because of that', async () => {
  const { id } = await create();
  world.figures = () => [{ key: null, value: 1 }];
  await world.pass(15);
  await world.get(operator, update, { input: { id, version: 1, patch: { groupBy: 'AGENT' } } });
  expect(await alerts()).toMatchObject([{ status: 'RESOLVED', resolvedReason: 'RULE_CHANGED' }]);
  await world.get(operator, update, { input: { id, version: 2, patch: { groupBy: null } } });
  await world.pass(15);
  await world.get(operator, update, { input: { id, version: 3, patch: { name: 'Renamed', forSeconds: 60 } } });
  await world.pass(15);
  expect((await alerts()).filter((alert: { status: string }) => alert.status === 'FIRING')).toHaveLength(1);
});

test('a rule that is blind says so, has one alert after five minutes, and makes up for what it missed', async () => {
  const { id } = await create();
  world.figures = () => [{ key: null, value: 0 }];
  await world.pass(15);
  world.figures = () => {
    throw new Error('metrics are away');
  };
  for (let minute = 0; minute < 7; minute += 1) await world.pass(60);
  const health = `query ($id: ID!) { alertRule(id: $id) { health { status message } } }`;
  expect((await world.get(operator, health, { id })).alertRule.health).toEqual({
    status: 'ERROR',
    message: 'metrics are away',
  });
  expect(await alerts()).toMatchObject([
    { severity: 'WARNING', status: 'FIRING', title: 'Too many errors: cannot be evaluated' },
  ]);
  world.figures = () => [{ key: null, value: 1 }];
  await world.pass(15);
  expect((await world.get(operator, health, { id })).alertRule.health).toEqual({ status: 'OK', message: null });
  const [fired, blind] = (await alerts()).sort(
    (one: { title: string }, two: { title: string }) => one.title.length - two.title.length,
  );
  expect(blind).toMatchObject({ status: 'RESOLVED' });
  // From the first tick that was missed on.
  expect(Date.parse(fired.firstSeenAt)).toBeLessThan(Date.now() + world.aheadMs - 6 * 60_000);
});

test('a firing group that falls out of a page of busier groups is still asked for', async () => {
  await create({ groupBy: 'AGENT', metric: 'ERRORS', threshold: 0 });
  const answer = (keys: readonly (string | null)[] | null | undefined) => [
    ...Array.from({ length: 1_000 }, (_, n) => ({ key: `healthy ${n}`, value: 2 })),
    // Answered to those who ask for it by name.
    ...(keys?.includes('rare') ? [{ key: 'rare', value: 1 }] : []),
  ];
  world.figures = () => [{ key: 'rare', value: 1 }];
  await world.pass(30);
  world.figures = (_, { keys }) => answer(keys);
  await world.pass(30);
  const rare = (
    await world.superuser(`select status from alert where workspace_id = $1 and fingerprint like '%:rare'`, [
      workspaceId,
    ])
  )[0];
  expect(rare).toEqual({ status: 'FIRING' });
});
