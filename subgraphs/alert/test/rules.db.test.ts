import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { newUuid } from '@tributary/kernel';
import { eventually } from '@tributary/kit';
import type { Principal } from '@tributary/contracts/principal';
import { codesOf, person } from '@tributary/kit/world';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

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
  world.asked.length = 0;
  world.lately = [];
  world.figures = () => [];
});

const alerts = async () => (await world.get(operator, alertList)).alerts.nodes;
const create = async (facts: object = {}) =>
  (await world.get(operator, createRule, { rule: rule(facts as Record<string, unknown>) })).createAlertRule.rule;
/** Lets one evaluation of a rule with a window of 5 minutes pass. */
const evaluate = async (options = {}) => world.pass(15, options);

describe('evaluation', () => {
  test('fires above the threshold, repeats while it holds, resolves when it is over', async () => {
    const { id } = await create({ scope: { agent: ['mapper'] } });
    world.figures = () => [{ key: null, value: 0.1 }];
    await evaluate();
    expect(await alerts()).toEqual([]);
    expect(world.asked[0]).toMatchObject({
      metric: 'ERROR_RATE',
      groupBy: null,
      scope: { agent: ['mapper'] },
      timeBasis: 'ENDED',
      windowMs: 300_000,
      stepMs: 15_000,
      count: 1,
    });
    expect(world.asked[0]!.firstEnd.getTime() % 15_000).toBe(0);

    world.figures = () => [{ key: null, value: 0.25 }];
    await evaluate();
    expect(await alerts()).toMatchObject([
      {
        fingerprint: id.replace('rule_', 'rule:'),
        severity: 'WARNING',
        status: 'FIRING',
        title: 'Too many errors',
        description: 'The share of failed runs was 25 % over the last 5 min, above the threshold of 10 %.',
        labels: { metric: 'ERROR_RATE', threshold: 0.1 },
        value: 0.25,
        occurrences: 1,
        rule: { id, name: 'Too many errors' },
        flow: null,
      },
    ]);
    world.figures = () => [{ key: null, value: 0.5 }];
    await world.pass(60);
    expect(await alerts()).toMatchObject([{ value: 0.5, occurrences: 2 }]);
    world.figures = () => [{ key: null, value: 0 }];
    await evaluate();
    expect(await alerts()).toMatchObject([{ status: 'RESOLVED', occurrences: 2, resolvedReason: 'BACK_TO_NORMAL' }]);
    expect(await world.eventCounts(workspaceId)).toEqual({
      'alert.fired': 1,
      'alert.repeated': 1,
      'alert.resolved': 1,
    });
  });

  test('each group has its own alert; a group of a flow names the flow when it is known', async () => {
    const [known, unknown] = [newUuid(), newUuid()];
    world.knownFlows.add(`flow_${known}`);
    await create({ groupBy: 'FLOW', metric: 'COST_USD', threshold: 5 });
    world.figures = () => [
      { key: `flow_${known}`, value: 6 },
      { key: `flow_${unknown}`, value: 7 },
      { key: 'partner run', value: 8 },
      { key: null, value: 9 },
      { key: 'cheap', value: 1 },
    ];
    await evaluate();
    const fired = await alerts();
    const byValue = Object.fromEntries(fired.map((alert: { value: number }) => [alert.value, alert]));
    expect(fired).toHaveLength(4);
    expect(byValue[6].flow).toEqual({ id: `flow_${known}` });
    expect([byValue[7].flow, byValue[8].flow, byValue[9].flow]).toEqual([null, null, null]);
    expect(byValue[9].title).toBe('Too many errors: flow unknown');
    expect(world.asked[0]).toMatchObject({ condition: { comparison: 'ABOVE', threshold: 5 }, keys: [] });
    world.figures = () => [{ key: `flow_${known}`, value: 6 }];
    await evaluate();
    // Those that fire are asked for by name, whatever others there are.
    expect(world.asked[1]!.keys).toEqual(
      expect.arrayContaining([`flow_${known}`, `flow_${unknown}`, 'partner run', null]),
    );
    expect((await alerts()).filter((alert: { status: string }) => alert.status !== 'RESOLVED')).toMatchObject([
      { value: 6, occurrences: 1 },
    ]);
  });

  test('a group that falls silent is 0 for a rule that waits for less', async () => {
    await create({ groupBy: 'AGENT', metric: 'REQUESTS', comparison: 'BELOW', threshold: 2 });
    world.lately = ['busy', 'silent'];
    world.figures = () => [{ key: 'busy', value: 9 }];
    await evaluate();
    expect(await alerts()).toMatchObject([{ title: 'Too many errors: agent “silent”', value: 0 }]);
    world.lately = [];
    world.figures = () => [];
    await evaluate();
    expect(await alerts()).toHaveLength(2);
  });

  test('however many evaluators run, one alert fires and one event tells of it', async () => {
    const rules = 12;
    for (let made = 0; made < rules; made += 1) await create();
    world.figures = async () => {
      await delay(Math.random() * 20);
      return [{ key: null, value: 1 }];
    };
    world.aheadMs += 15_000;
    const evaluators = [1, 3, 5, 100].map((rulesOfBatch) => world.evaluator({ rulesOfBatch }));
    await Promise.all(evaluators.map((evaluator) => evaluator.evaluateDueRules()));
    await Promise.all(evaluators.map((evaluator) => evaluator.evaluateDueRules()));
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': rules });
    // Claimed once each at a tick; on a busy machine there are two of them.
    const ticks = new Set(world.asked.map(({ firstEnd }) => firstEnd.getTime())).size;
    const claims = await world.superuser('select max(evaluations)::int as most from alert_rule');
    expect(claims).toEqual([{ most: ticks }]);
  });

  test('evaluators that hold the same rule for long write its firing once', async () => {
    await create();
    world.figures = async () => {
      await delay(Math.random() * 30);
      return [{ key: null, value: 1 }];
    };
    const turns = Array.from({ length: 20 }, async () => {
      await delay(Math.random() * 100);
      // Every claim is void again, so evaluations overlap.
      await world.superuser('update alert_rule set next_evaluation_at = to_timestamp(0), evaluated_until = null');
      await world.evaluator().evaluateDueRules();
    });
    world.aheadMs += 15_000;
    await Promise.all(turns);
    expect(world.asked.length).toBeGreaterThan(1);
    await evaluate();
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 1 });
  });

  test('an evaluator that was overtaken writes nothing', async () => {
    await create();
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    world.figures = async () => {
      await gate;
      return [{ key: null, value: 1 }];
    };
    world.aheadMs += 15_000;
    const slow = world.evaluator().evaluateDueRules();
    while (world.asked.length === 0) await delay(2);
    world.figures = () => [{ key: null, value: 0 }];
    await evaluate();
    letGo();
    await slow;
    expect(await alerts()).toEqual([]);
  });

  test('a workspace whose figures do not come does not keep the rules of another', async () => {
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    for (let made = 0; made < 8; made += 1) await create({ name: `Stuck ${made}`, scope: { agent: ['stuck'] } });
    world.figures = async (_, { scope }) => {
      if (scope?.agent?.[0] === 'stuck') await gate;
      return [{ key: null, value: 1 }];
    };
    world.aheadMs += 15_000;
    const evaluating = world.evaluator({ rulesOfBatch: 1 }).evaluateDueRules();
    while (world.asked.length < 3) await delay(2);
    const other = person(newUuid());
    await world.get(other, createRule, { rule: rule({ delaySeconds: 0 }) });
    try {
      await eventually(async () => expect((await world.eventCounts(other.workspaceId))['alert.fired']).toBe(1));
      expect(await alerts()).toEqual([]);
    } finally {
      letGo();
    }
    await evaluating;
    expect(await alerts()).toHaveLength(8);
  });

  test('a rule that cannot be evaluated does not keep others, and says so', async () => {
    const broken = await create({ scope: { agent: ['broken'] } });
    await create();
    world.figures = (_, { scope }) => {
      if (scope?.agent?.[0] === 'broken') throw new Error('no answer');
      return [{ key: null, value: 1 }];
    };
    await evaluate();
    expect(await alerts()).toHaveLength(1);
    const health = `query ($id: ID!) { alertRule(id: $id) { health { status message since lagMs evaluatedUntil } } }`;
    expect((await world.get(operator, health, { id: broken.id })).alertRule.health).toMatchObject({
      status: 'ERROR',
      message: 'no answer',
      since: expect.any(String),
    });
  });

  test('what was missed in an outage is made up for, tick by tick, and what is too long ago is counted', async () => {
    const { id } = await create();
    world.figures = () => [{ key: null, value: 0 }];
    await evaluate();
    const began = world.aheadMs;
    const badFrom = Date.now() + began + 60_000;
    world.figures = (tick) => [{ key: null, value: tick >= badFrom && tick < badFrom + 60_000 ? 1 : 0 }];
    // Nobody evaluated while it was bad.
    await world.pass(300);
    expect(await alerts()).toMatchObject([{ status: 'RESOLVED', resolvedReason: 'BACK_TO_NORMAL' }]);
    const [alert] = await alerts();
    expect(Date.parse(alert.resolvedAt) - Date.parse(alert.firstSeenAt)).toBe(60_000);
    await world.pass(600 * 15);
    const health = `query ($id: ID!) { alertRule(id: $id) { health { status skippedTicks } } }`;
    expect((await world.get(operator, health, { id })).alertRule.health).toEqual({ status: 'OK', skippedTicks: 240 });
  });
});

const update = `mutation ($id: ID!, $version: Int!, $patch: AlertRulePatch!) {
  updateAlertRule(input: { id: $id, version: $version, patch: $patch }) { rule { name threshold groupBy scope { agent } enabled version } }
}`;
const remove = `mutation ($id: ID!, $key: String) { deleteAlertRule(input: { id: $id, idempotencyKey: $key }) { deletedAlertRuleId } }`;

describe('rules', () => {
  test('are created once for a key, and read back', async () => {
    const input = { rule: rule({ scope: { agent: ['a'], model: null }, groupBy: 'AGENT' }), key: 'k1' };
    const first = (await world.get(operator, createRule, input)).createAlertRule.rule;
    expect(first).toEqual({
      id: expect.stringMatching(/^rule_/),
      name: 'Too many errors',
      metric: 'ERROR_RATE',
      comparison: 'ABOVE',
      threshold: 0.1,
      windowSeconds: 300,
      groupBy: 'AGENT',
      scope: { agent: ['a'], flowId: null },
      severity: 'WARNING',
      enabled: true,
      version: 1,
    });
    expect((await world.get(operator, createRule, input)).createAlertRule.rule).toEqual(first);
    expect(codesOf(await world.ask(operator, createRule, { ...input, rule: rule() }))).toEqual(['RESOURCE_CONFLICT']);
    const read = await world.get(
      operator,
      `query ($id: ID!) { alertRule(id: $id) { id name } alertRules { nodes { id } totalCount } }`,
      { id: first.id },
    );
    expect(read).toEqual({
      alertRule: { id: first.id, name: first.name },
      alertRules: { nodes: [{ id: first.id }], totalCount: 1 },
    });
  });

  test('list newest first, page by page', async () => {
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.unshift((await create({ name: `rule ${made}` })).id);
    const list = `query ($after: Cursor) { alertRules(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage } } }`;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: any = (await world.get(operator, list, { after })).alertRules;
      seen.push(...page.nodes.map((node: { id: string }) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(ids);
  });

  test('change only in the version that was read; absent stays, null clears or is refused', async () => {
    const { id } = await create({ groupBy: 'AGENT', scope: { agent: ['a'] } });
    const changed = await world.get(operator, update, { id, version: 1, patch: { threshold: 0.5, groupBy: null } });
    expect(changed.updateAlertRule.rule).toEqual({
      name: 'Too many errors',
      threshold: 0.5,
      groupBy: null,
      scope: { agent: ['a'] },
      enabled: true,
      version: 2,
    });
    expect(codesOf(await world.ask(operator, update, { id, version: 1, patch: { threshold: 0.6 } }))).toEqual([
      'RESOURCE_CONFLICT',
    ]);
    expect(codesOf(await world.ask(operator, update, { id, version: 2, patch: { name: null } }))).toEqual([
      'INVALID_INPUT',
    ]);
    const cleared = await world.get(operator, update, { id, version: 2, patch: { scope: null } });
    expect(cleared.updateAlertRule.rule).toMatchObject({ scope: null, version: 3 });
  });

  test('cannot be nonsense', async () => {
    for (const facts of [
      { windowSeconds: 9 },
      { windowSeconds: 3_000_000 },
      { name: 'x'.repeat(201) },
      { scope: { agent: [''] } },
      { name: 'nul\0' },
    ]) {
      expect(codesOf(await world.ask(operator, createRule, { rule: rule(facts) }))).toEqual(['INVALID_INPUT']);
    }
    expect(codesOf(await world.ask(operator, createRule, { rule: rule({ name: ' ' }) }))).toEqual([
      'MISSING_REQUIRED_FIELD',
    ]);
  });

  test('resolve their alerts when they are switched off or deleted, and alerts outlive them', async () => {
    const [off, gone] = [await create(), await create()];
    world.figures = () => [{ key: null, value: 1 }];
    await evaluate();
    expect((await alerts()).map((alert: { status: string }) => alert.status)).toEqual(['FIRING', 'FIRING']);
    await world.get(operator, update, { id: off.id, version: 1, patch: { enabled: false } });
    const deleted = await world.get(operator, remove, { id: gone.id, key: 'once' });
    expect(deleted).toEqual({ deleteAlertRule: { deletedAlertRuleId: gone.id } });
    expect(await world.get(operator, remove, { id: gone.id, key: 'once' })).toEqual(deleted);
    expect(codesOf(await world.ask(operator, remove, { id: gone.id }))).toEqual(['RESOURCE_NOT_FOUND']);
    await evaluate();
    const left = await alerts();
    expect(left).toMatchObject([{ status: 'RESOLVED' }, { status: 'RESOLVED' }]);
    expect(left.map((alert: { rule: unknown }) => alert.rule)).toEqual(
      expect.arrayContaining([null, { id: off.id, name: off.name }]),
    );
    const reasons = await world.superuser(
      `select payload -> 'data' ->> 'reason' as reason from event where workspace_id = $1 and type = 'alert.resolved' order by seq`,
      [workspaceId],
    );
    expect(reasons).toEqual([{ reason: 'RULE_DISABLED' }, { reason: 'RULE_DELETED' }]);
    const actions = await world.superuser('select action from audit_entry where workspace_id = $1 order by number', [
      workspaceId,
    ]);
    expect(actions.map((row) => row['action'])).toEqual([
      'alertRule.create',
      'alertRule.create',
      'alert.fire',
      'alert.fire',
      'alertRule.update',
      'alert.resolve',
      'alertRule.delete',
      'alert.resolve',
    ]);
    expect(await world.superuser('select rule_id from alert_instance where workspace_id = $1', [workspaceId])).toEqual(
      [],
    );
  });

  test('belong to their workspace and need their action', async () => {
    const { id } = await create();
    const stranger = person(newUuid());
    expect(
      await world.get(
        stranger,
        `query ($id: ID!) { alertRule(id: $id) { id } alertRules { nodes { id } totalCount } }`,
        { id },
      ),
    ).toEqual({
      alertRule: null,
      alertRules: { nodes: [], totalCount: 0 },
    });
    expect(codesOf(await world.ask(stranger, update, { id, version: 1, patch: { threshold: 9 } }))).toEqual([
      'RESOURCE_NOT_FOUND',
    ]);
    expect(codesOf(await world.ask(stranger, remove, { id }))).toEqual(['RESOURCE_NOT_FOUND']);
    expect(codesOf(await world.ask(person(workspaceId, 'VIEWER'), createRule, { rule: rule() }))).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });
});

describe('previewAlertRule', () => {
  const preview = `query ($input: AlertRuleInput!, $from: DateTime!, $to: DateTime!) {
    previewAlertRule(input: $input, range: { from: $from, to: $to }) {
      firings { from to key peak } transitions { at key from to value } evaluations notifications droppedGroups flapping truncated freshAsOf
      points { key at value }
    }
  }`;
  const range = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T01:00:00.000Z' };
  const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
  const during = (from: string, to: string, value: number) => (tick: number) =>
    tick >= at(from) && tick < at(to) ? value : null;

  test('evaluates every tick as a rule at work would, and is open at the end', async () => {
    const values = [
      during('00:05:00', '00:05:15', 0.2),
      during('00:05:15', '00:07:30', 0.4),
      during('00:58:45', '02:00:00', 0.9),
    ];
    world.figures = (tick) => {
      const value = values.map((of) => of(tick)).find((found) => found !== null) ?? 0.05;
      return [{ key: null, value }];
    };
    const channel = `channel_${newUuid()}`;
    world.knownChannels.add(channel);
    // Told 30 s behind the first, then 5 min apart: that it fires, that it is over, that it fires again.
    const routes = [{ name: 'All', matchers: [], steps: [{ afterSeconds: 0, channelIds: [channel] }] }];
    const set = `mutation ($routes: [AlertRouteInput!]!) { setAlertRoutes(input: { version: 0, routes: $routes }) { routes { version } } }`;
    await world.get(person(workspaceId, 'ADMIN'), set, { routes });
    const { previewAlertRule } = await world.get(operator, preview, { input: rule(), ...range });
    expect(previewAlertRule).toMatchObject({
      firings: [
        { from: '2026-03-01T00:05:00.000Z', to: '2026-03-01T00:07:30.000Z', key: null, peak: 0.4 },
        { from: '2026-03-01T00:58:45.000Z', to: null, key: null, peak: 0.9 },
      ],
      transitions: [
        { at: '2026-03-01T00:05:00.000Z', key: null, from: 'OK', to: 'FIRING', value: 0.2 },
        { at: '2026-03-01T00:07:30.000Z', key: null, from: 'FIRING', to: 'OK', value: 0.05 },
        { at: '2026-03-01T00:58:45.000Z', key: null, from: 'OK', to: 'FIRING', value: 0.9 },
      ],
      evaluations: 241,
      notifications: 3,
      droppedGroups: 0,
      flapping: false,
      truncated: false,
    });
    expect(previewAlertRule.points).toHaveLength(121);
    expect(previewAlertRule.points[10]).toEqual({ key: null, at: '2026-03-01T00:05:00.000Z', value: 0.2 });
  });

  test('counts silence as 0 where the metric adds up, once there were data', async () => {
    world.figures = (tick) => (tick >= at('00:10:00') && tick < at('00:11:00') ? [{ key: null, value: 7 }] : []);
    const input = rule({ metric: 'REQUESTS', comparison: 'BELOW', threshold: 5 });
    const { previewAlertRule } = await world.get(operator, preview, { input, ...range });
    expect(previewAlertRule.firings).toEqual([{ from: '2026-03-01T00:11:00.000Z', to: null, key: null, peak: 0 }]);
  });

  test('says what a change would have changed', async () => {
    world.figures = (tick) => [{ key: null, value: during('00:10:00', '00:20:00', 0.3)(tick) ?? 0.15 }];
    const { id } = await create();
    const compare = `query ($id: ID!, $patch: AlertRulePatch!, $from: DateTime!, $to: DateTime!) {
      previewAlertRuleChange(id: $id, patch: $patch, range: { from: $from, to: $to }) {
        before { firings { from to } } after { firings { from to } } added { from } removed { from }
      }
    }`;
    const higher = await world.get(operator, compare, { id, patch: { threshold: 0.2 }, ...range });
    expect(higher.previewAlertRuleChange).toEqual({
      before: { firings: [{ from: range.from, to: null }] },
      after: { firings: [{ from: '2026-03-01T00:10:00.000Z', to: '2026-03-01T00:20:00.000Z' }] },
      added: [],
      removed: [],
    });
    const none = await world.get(operator, compare, { id, patch: { threshold: 0.5 }, ...range });
    expect(none.previewAlertRuleChange.removed).toEqual([{ from: range.from }]);
  });

  test('refuses what would be endless', async () => {
    const long = { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    expect(codesOf(await world.ask(operator, preview, { input: rule({ windowSeconds: 10 }), ...long }))).toEqual([
      'INVALID_INPUT',
    ]);
    expect(codesOf(await world.ask(operator, preview, { input: rule(), from: range.to, to: range.from }))).toEqual([
      'INVALID_INPUT',
    ]);
  });
});
