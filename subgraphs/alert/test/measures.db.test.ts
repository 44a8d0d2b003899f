import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { codesOf, person } from '@tributary/kit/world';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());

test('a rule over the change of runs compares a window with the one before, also of a group that fell silent', async () => {
  const one = person(newUuid());
  const begun = Date.now();
  // 100 runs of each in a window at first; then half as many of one, and none of the other.
  world.figures = (tick) => {
    const isBefore = tick <= begun + 60_000;
    const runs = { steady: 100, halved: isBefore ? 100 : 50, silent: isBefore ? 100 : 0 };
    return Object.entries(runs).flatMap(([key, value]) => (value > 0 ? [{ key, value }] : []));
  };
  const facts = {
    metric: 'CHANGE_SHARE',
    comparison: 'BELOW',
    threshold: -0.4,
    windowSeconds: 60,
    groupBy: 'AGENT',
    delaySeconds: 0,
    everySeconds: 10,
  };
  await world.get(one, createRule, { rule: rule(facts) });
  await world.pass(30);
  expect((await world.get(one, alertList)).alerts.nodes).toEqual([]);
  await world.pass(50);
  const found = (await world.get(one, alertList)).alerts.nodes as { labels: { key: string }; value: number }[];
  expect(Object.fromEntries(found.map(({ labels, value }) => [labels.key, value]))).toEqual({
    halved: -0.5,
    silent: -1,
  });
  expect(world.asked.every(({ metric }) => metric === 'REQUESTS')).toBe(true);
  expect((await world.get(one, alertList)).alerts.nodes[0].description).toContain('The change of runs');
});

test('a rule over flows fires by kind while one runs for too long, and is over with it', async () => {
  const one = person(newUuid());
  world.flows = ({ measure, groupBy, count }) => {
    expect([measure, groupBy]).toEqual(['FLOW_RUNNING_SECONDS', 'FLOW_KIND']);
    return Array.from({ length: count }, (_, index) => ({ index, key: 'discovery', value: 4_000 }));
  };
  const facts = {
    metric: 'FLOW_RUNNING_SECONDS',
    threshold: 3_600,
    groupBy: 'FLOW_KIND',
    windowSeconds: 60,
    delaySeconds: 0,
    everySeconds: 10,
  };
  await world.get(one, createRule, { rule: rule(facts) });
  await world.pass(10);
  const alerts = async () => (await world.get(one, alertList)).alerts.nodes;
  expect(await alerts()).toMatchObject([{ status: 'FIRING', value: 4_000, labels: { key: 'discovery' }, flow: null }]);
  world.flows = () => [];
  await world.pass(10);
  expect(await alerts()).toMatchObject([{ status: 'RESOLVED', resolvedReason: 'BACK_TO_NORMAL' }]);
});

test('a rule is of flows or of runs, and not of both', async () => {
  const one = person(newUuid());
  const other = { metric: 'ERRORS', comparison: 'ABOVE', threshold: 1, windowSeconds: 60 };
  for (const facts of [
    { metric: 'FLOWS_FAILED', also: [other] },
    { metric: 'FLOWS_FAILED', scope: { agent: ['mapper'] } },
    { metric: 'FLOWS_FAILED', groupBy: 'AGENT' },
    { metric: 'ERRORS', groupBy: 'FLOW_KIND' },
  ])
    expect(codesOf(await world.ask(one, createRule, { rule: rule(facts) }))).toEqual(['INVALID_INPUT']);
});
