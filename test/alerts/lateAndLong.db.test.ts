import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { person } from '@tributary/kit/world';
import { LiveRules } from '../../prove/alerts/LiveRules.js';

let world: LiveRules;
beforeAll(async () => {
  world = await LiveRules.start();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const minute = 60_000;
const create = `mutation ($rule: AlertRuleInput!) { createAlertRule(input: { rule: $rule }) { rule { id } } }`;
const rule = { name: 'Drawn', comparison: 'ABOVE', severity: 'WARNING', delaySeconds: 15, everySeconds: 10 };
const alerts = async (principal: Principal) =>
  (await world.get(principal, '{ alerts { nodes { status late retracted resolvedReason value } } }')).alerts.nodes;
const evaluateAt = async (at: number) => {
  world.aheadMs = at - Date.now();
  await world.evaluate();
};

test('a run that takes longer than the window is seen when it ends', async () => {
  const principal = person(newUuid());
  const now = Date.now();
  world.aheadMs = 0;
  await world.get(principal, create, {
    rule: { ...rule, metric: 'LATENCY_P95', threshold: 60_000, windowSeconds: 300 },
  });
  await world.send(principal, [{ agent: 'slow', endedAt: now, durationMs: 20 * minute, failed: true }]);
  await evaluateAt(now + 30_000);
  const [alert] = await alerts(principal);
  expect(alert).toMatchObject({ status: 'FIRING' });
  // Quantiles are within 1 %.
  expect(alert.value).toBeGreaterThan(0.99 * 20 * minute);
});

test('what comes after its evaluation is made up for: over already, and told as late', async () => {
  const principal = person(newUuid());
  const now = Date.now();
  world.aheadMs = -5 * minute;
  await world.get(principal, create, { rule: { ...rule, metric: 'ERRORS', threshold: 0, windowSeconds: 60 } });
  await world.superuser(
    `update alert_rule set created_at = now() - interval '10 minutes', next_evaluation_at = to_timestamp(0) where workspace_id = $1`,
    [principal.workspaceId],
  );
  for (let at = now - 5 * minute; at < now; at += 10_000) await evaluateAt(at);
  expect(await alerts(principal)).toEqual([]);
  // It ended three minutes ago, and comes now.
  await world.send(principal, [{ agent: 'late', endedAt: now - 3 * minute, durationMs: 50, failed: true }]);
  await evaluateAt(now + 10_000);
  expect(await alerts(principal)).toEqual([
    { status: 'RESOLVED', late: true, retracted: false, resolvedReason: 'BACK_TO_NORMAL', value: 1 },
  ]);
});

test('an alert that late data show never was is taken back', async () => {
  const principal = person(newUuid());
  const now = Date.now();
  world.aheadMs = -5 * minute;
  await world.get(principal, create, { rule: { ...rule, metric: 'ERROR_RATE', threshold: 0.5, windowSeconds: 60 } });
  await world.superuser(
    `update alert_rule set created_at = now() - interval '10 minutes', next_evaluation_at = to_timestamp(0) where workspace_id = $1`,
    [principal.workspaceId],
  );
  await world.send(principal, [{ agent: 'one', endedAt: now - 4 * minute, durationMs: 50, failed: true }]);
  for (let at = now - 5 * minute; at < now - 2 * minute; at += 10_000) await evaluateAt(at);
  expect(await alerts(principal)).toMatchObject([{ status: 'FIRING', late: false }]);
  // At the very moment: a second apart, one tick in ten would see the failure alone, and rightly fire.
  const sound = Array.from({ length: 3 }, () => ({
    agent: 'one',
    endedAt: now - 4 * minute,
    durationMs: 50,
    failed: false,
  }));
  await world.send(principal, sound);
  await evaluateAt(now - 2 * minute + 10_000);
  expect(await alerts(principal)).toMatchObject([{ status: 'RESOLVED', retracted: true }]);
});
