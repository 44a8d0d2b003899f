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

test('a rule over webhooks fires for the one that fails for too long, is over with it, and is tried first', async () => {
  const one = person(newUuid());
  const hook = `hook_${newUuid()}`;
  world.webhooks = ({ measure, groupBy, count }) => {
    expect([measure, groupBy]).toEqual(['WEBHOOK_FAILING_SECONDS', 'WEBHOOK']);
    return Array.from({ length: count }, (_, index) => ({ index, key: hook, value: 4_025 }));
  };
  const facts = rule({
    metric: 'WEBHOOK_FAILING_SECONDS',
    threshold: 3_600,
    groupBy: 'WEBHOOK',
    windowSeconds: 60,
    delaySeconds: 0,
    everySeconds: 10,
  });
  const preview = `query ($input: AlertRuleInput!) { previewAlertRule(input: $input, range: { last: HOUR }) { firings { key peak } } }`;
  expect((await world.get(one, preview, { input: facts })).previewAlertRule.firings).toMatchObject([
    { key: hook, peak: 4_025 },
  ]);
  await world.get(one, createRule, { rule: facts });
  await world.pass(10);
  const alerts = async () => (await world.get(one, alertList)).alerts.nodes;
  expect(await alerts()).toMatchObject([
    {
      status: 'FIRING',
      value: 4_025,
      labels: { key: hook },
      description: `The longest failure of webhook “${hook}” was 1 h 7 min, above the threshold of 1 h.`,
    },
  ]);
  world.webhooks = () => [];
  await world.pass(10);
  expect(await alerts()).toMatchObject([{ status: 'RESOLVED', resolvedReason: 'BACK_TO_NORMAL' }]);
});

test('a rule over assets is evaluated at the end of a discovery, too, and its preview says so', async () => {
  const one = person(newUuid());
  const asset = `asset_${newUuid()}`;
  const begun = Date.now();
  world.discoveriesEnded = [];
  // What a discovery brings is seen by whoever asks behind its end.
  world.assets = ({ measure, groupBy, firstEnd, count, stepMs }) => {
    expect([measure, groupBy]).toEqual(['ASSETS_NEW', 'ASSET']);
    return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
      const [end] = world.discoveriesEnded;
      const at = firstEnd.getTime() + index * stepMs;
      return end !== undefined && end <= at && at < end + 3_600_000 ? [{ key: asset, index, value: 1 }] : [];
    });
  };
  const facts = rule({
    metric: 'ASSETS_NEW',
    threshold: 0,
    groupBy: 'ASSET',
    windowSeconds: 3_600,
    everySeconds: 3_600,
  });
  await world.get(one, createRule, { rule: facts });
  await world.pass(1);
  const alerts = async () => (await world.get(one, alertList)).alerts.nodes;
  expect(await alerts()).toEqual([]);
  // The next tick of the grid may be an hour away.
  const flow = newUuid();
  world.aheadMs += 60_000;
  const end = Date.now() + world.aheadMs;
  const isBeforeGrid = Math.floor(end / 3_600_000) === Math.floor(begun / 3_600_000);
  world.discoveriesEnded = [end];
  await world.tell(one.workspaceId, flow, 'flow.finished', { status: 'SUCCEEDED' });
  await world.pass(1);
  // Nothing says that the rule is due but the consumer of flows.
  if (isBeforeGrid) expect(await alerts()).toEqual([]);
  await world.consumer().catchUp();
  await world.pass(1);
  const [alert] = await alerts();
  expect(alert).toMatchObject({
    status: 'FIRING',
    value: 1,
    asset: { id: asset },
    labels: { groupBy: 'ASSET', key: asset },
  });
  expect(alert.description).toContain('The number of new assets');
  const [transition] = await world.superuser(
    `select tick from alert_transition where workspace_id = $1 and to_state = 'FIRING'`,
    [one.workspaceId],
  );
  expect((transition!['tick'] as Date).getTime()).toBe(end);
  const evaluated = await world.superuser('select evaluated_until from alert_rule where workspace_id = $1', [
    one.workspaceId,
  ]);
  expect((evaluated[0]!['evaluated_until'] as Date).getTime()).toBe(end);
  world.discoveriesEnded = [begun - 7_200_500];
  const { previewAlertRule: preview } = await world.get(
    one,
    `query ($rule: AlertRuleInput!, $range: TimeRange!) { previewAlertRule(input: $rule, range: $range) { firings { from key } } }`,
    {
      rule: facts,
      range: { from: new Date(begun - 24 * 3_600_000).toISOString(), to: new Date(begun).toISOString() },
    },
  );
  expect(preview.firings).toEqual([{ from: new Date(begun - 7_200_500).toISOString(), key: asset }]);
});

test('personal data that discoveries found are measured by source', async () => {
  const one = person(newUuid());
  world.flows = ({ measure, groupBy, count }) => {
    expect([measure, groupBy]).toEqual(['PERSONAL_DATA_FOUND', 'SOURCE']);
    return Array.from({ length: count }, (_, index) => ({ index, key: 'people.csv', value: 2 }));
  };
  const facts = { metric: 'PERSONAL_DATA_FOUND', threshold: 0, groupBy: 'SOURCE', everySeconds: 10, delaySeconds: 0 };
  await world.get(one, createRule, { rule: rule(facts) });
  await world.pass(10);
  const [alert] = (await world.get(one, alertList)).alerts.nodes;
  expect(alert).toMatchObject({ value: 2, title: 'Too many errors: source “people.csv”' });
  world.flows = () => [];
});

test('a rule is of flows, of assets or of runs, and of one of them alone', async () => {
  const one = person(newUuid());
  const other = { metric: 'ERRORS', comparison: 'ABOVE', threshold: 1, windowSeconds: 60 };
  for (const facts of [
    { metric: 'FLOWS_FAILED', also: [other] },
    { metric: 'FLOWS_FAILED', scope: { agent: ['mapper'] } },
    { metric: 'FLOWS_FAILED', groupBy: 'AGENT' },
    { metric: 'ERRORS', groupBy: 'FLOW_KIND' },
    { metric: 'ERRORS', groupBy: 'ASSET' },
    { metric: 'ASSETS_NEW', groupBy: 'AGENT' },
    { metric: 'ASSETS_NEW', also: [other] },
    { metric: 'ASSETS_NEW', scope: { agent: ['mapper'] } },
    { metric: 'PERSONAL_DATA_FOUND', groupBy: 'ASSET' },
  ])
    expect(codesOf(await world.ask(one, createRule, { rule: rule(facts) }))).toEqual(['INVALID_INPUT']);
});
