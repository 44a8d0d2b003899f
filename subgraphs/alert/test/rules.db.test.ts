import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { newUuid } from '@tributary/kernel';
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
  world.figures = () => [];
});

const alerts = async () => (await world.get(operator, alertList)).alerts.nodes;
const create = async (facts: object = {}) =>
  (await world.get(operator, createRule, { rule: rule(facts as Record<string, unknown>) })).createAlertRule.rule;
/** One evaluation of everything that is due. */
const evaluate = async (options = {}) => {
  await delay(5);
  await world.evaluator(options).evaluateDueRules();
};

describe('evaluation', () => {
  test('fires above the threshold, repeats while it holds, resolves when it is over', async () => {
    const { id } = await create({ scope: { agent: ['mapper'] } });
    world.figures = () => [{ key: null, value: 0.1 }];
    await evaluate();
    expect(await alerts()).toEqual([]);
    expect(world.asked[0]).toMatchObject({ metric: 'ERROR_RATE', groupBy: null, scope: { agent: ['mapper'] } });
    expect(world.asked[0]!.to.getTime() - world.asked[0]!.from.getTime()).toBe(300_000);

    world.figures = () => [{ key: null, value: 0.25 }];
    await evaluate();
    expect(await alerts()).toMatchObject([
      {
        fingerprint: id.replace('rule_', 'rule:'),
        severity: 'WARNING',
        status: 'FIRING',
        title: 'Too many errors',
        description: 'The share of failed runs was 0.25 over the last 5 min, above the threshold of 0.1.',
        labels: { metric: 'ERROR_RATE', threshold: 0.1 },
        value: 0.25,
        occurrences: 1,
        rule: { id, name: 'Too many errors' },
        flow: null,
      },
    ]);
    world.figures = () => [{ key: null, value: 0.5 }];
    await evaluate();
    expect(await alerts()).toMatchObject([{ value: 0.5, occurrences: 2 }]);
    world.figures = () => [{ key: null, value: null }];
    await evaluate();
    expect(await alerts()).toMatchObject([{ status: 'RESOLVED', occurrences: 2 }]);
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
    world.figures = () => [{ key: `flow_${known}`, value: 6 }];
    await evaluate();
    expect((await alerts()).filter((alert: { status: string }) => alert.status !== 'RESOLVED')).toMatchObject([
      { value: 6, occurrences: 2 },
    ]);
  });

  test('a group that falls silent is 0 for a rule that waits for less', async () => {
    await create({ groupBy: 'AGENT', metric: 'REQUESTS', comparison: 'BELOW', threshold: 2 });
    world.figures = ({ from, to }) =>
      to.getTime() - from.getTime() > 300_000
        ? [
            { key: 'busy', value: 90 },
            { key: 'silent', value: 40 },
          ]
        : [{ key: 'busy', value: 9 }];
    await evaluate();
    expect(await alerts()).toMatchObject([{ title: 'Too many errors: agent “silent”', value: 0 }]);
  });

  test('however many evaluators run, one alert fires and one event tells of it', async () => {
    const rules = 12;
    for (let made = 0; made < rules; made += 1) await create();
    world.figures = async () => {
      await delay(Math.random() * 20);
      return [{ key: null, value: 1 }];
    };
    const evaluators = Array.from({ length: 4 }, () => world.evaluator({ everyMs: 60_000 }));
    await Promise.all(evaluators.map((evaluator) => evaluator.evaluateDueRules()));
    await Promise.all(evaluators.map((evaluator) => evaluator.evaluateDueRules()));
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': rules });
    expect(world.asked).toHaveLength(rules);
  });

  test('two evaluators that hold the same rule for long write its firing once', async () => {
    await create();
    world.figures = async () => {
      await delay(Math.random() * 60);
      return [{ key: null, value: 1 }];
    };
    // Every claim is void again after a millisecond, so evaluations overlap.
    const turns = Array.from({ length: 20 }, async () => {
      await delay(Math.random() * 200);
      await world.evaluator({ repeatAfterMs: 3_600_000 }).evaluateDueRules();
    });
    await Promise.all(turns);
    expect(world.asked.length).toBeGreaterThan(3);
    await evaluate({ repeatAfterMs: 3_600_000 });
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
    const slow = world.evaluator().evaluateDueRules();
    while (world.asked.length === 0) await delay(2);
    world.figures = () => [{ key: null, value: 0 }];
    await evaluate();
    letGo();
    await slow;
    expect(await alerts()).toEqual([]);
  });

  test('a rule that cannot be evaluated does not keep others', async () => {
    const broken = await create({ scope: { agent: ['broken'] } });
    await create();
    world.figures = ({ scope }) => {
      if (scope?.agent?.[0] === 'broken') throw new Error('no answer');
      return [{ key: null, value: 1 }];
    };
    await evaluate();
    expect(await alerts()).toHaveLength(1);
    expect(broken.enabled).toBe(true);
  });

  test('while a condition holds on, it is counted once in repeatAfterMs', async () => {
    await create();
    world.figures = () => [{ key: null, value: 1 }];
    for (let time = 0; time < 4; time += 1) await evaluate({ repeatAfterMs: 3_600_000 });
    expect(await alerts()).toMatchObject([{ occurrences: 1 }]);
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
    previewAlertRule(input: $input, range: { from: $from, to: $to }) { firings { from to key peak } }
  }`;
  const range = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T01:00:00.000Z' };

  test('merges neighbouring evaluations that fire, and is open at the end', async () => {
    world.slidingFigures = ({ windowMs, stepMs, count, firstEnd }) => {
      expect({ windowMs, stepMs, count, firstEnd }).toEqual({
        windowMs: 300_000,
        stepMs: 75_000,
        count: 49,
        firstEnd: new Date(range.from),
      });
      return [
        { key: null, index: 4, value: 0.2 },
        { key: null, index: 5, value: 0.4 },
        { key: null, index: 6, value: 0.05 },
        { key: null, index: 47, value: 0.3 },
        { key: null, index: 48, value: 0.9 },
      ];
    };
    const { previewAlertRule } = await world.get(operator, preview, { input: rule(), ...range });
    expect(previewAlertRule.firings).toEqual([
      { from: '2026-03-01T00:05:00.000Z', to: '2026-03-01T00:07:30.000Z', key: null, peak: 0.4 },
      { from: '2026-03-01T00:58:45.000Z', to: null, key: null, peak: 0.9 },
    ]);
  });

  test('counts silence as 0 where the metric adds up', async () => {
    world.slidingFigures = () => [{ key: null, index: 2, value: 7 }];
    const input = rule({ metric: 'REQUESTS', comparison: 'BELOW', threshold: 5 });
    const { previewAlertRule } = await world.get(operator, preview, { input, ...range });
    expect(previewAlertRule.firings).toEqual([
      { from: range.from, to: '2026-03-01T00:02:30.000Z', key: null, peak: 0 },
      { from: '2026-03-01T00:03:45.000Z', to: null, key: null, peak: 0 },
    ]);
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
