import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { eventually } from '@tributary/kit';
import { person } from '@tributary/kit/world';
import { alertList, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
let operator: Principal;
let workspaceId: string;

beforeAll(async () => {
  world = await startAlertWorld({ pollMs: 50 });
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

beforeEach(() => {
  workspaceId = newUuid();
  operator = person(workspaceId);
});

const alerts = async (filter: object = {}) => (await world.get(operator, alertList, { filter })).alerts.nodes;

test('a failed flow raises an alert that says what failed and names the flow', async () => {
  const flow = newUuid();
  await world.tell(workspaceId, flow, 'flow.created', { status: 'QUEUED' });
  await world.failFlow(workspaceId, flow);
  await world.consumer().catchUp();
  const [alert, ...others] = await alerts();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    fingerprint: `flow:${flow}`,
    severity: 'CRITICAL',
    status: 'FIRING',
    title: 'Flow “March estate” failed',
    description: 'In phase import: The file is empty.',
    labels: { flowId: `flow_${flow}`, kind: 'discovery', phase: 'import', code: 'SOURCE_UNREADABLE', retryable: false },
    value: null,
    occurrences: 1,
    rule: null,
    flow: { id: `flow_${flow}` },
    asset: null,
    acknowledgedBy: null,
    version: 1,
  });
  expect(alert.firstSeenAt).toBe(alert.lastSeenAt);
});

test('one that can be retried is a warning; failing again repeats it, success resolves it, a failure after that is a new alert', async () => {
  const flow = newUuid();
  await world.failFlow(workspaceId, flow, true);
  await world.failFlow(workspaceId, flow, true);
  await world.consumer().catchUp();
  expect(await alerts()).toMatchObject([{ severity: 'WARNING', occurrences: 2, status: 'FIRING', version: 2 }]);
  await world.tell(workspaceId, flow, 'flow.retried');
  await world.tell(workspaceId, flow, 'flow.finished', { status: 'SUCCEEDED', progress: 1 });
  await world.consumer().catchUp();
  expect(await alerts()).toMatchObject([
    { status: 'RESOLVED', resolvedAt: expect.any(String), flow: { id: `flow_${flow}` } },
  ]);
  await world.failFlow(workspaceId, flow, true);
  await world.consumer().catchUp();
  expect(await alerts()).toMatchObject([{ status: 'FIRING', occurrences: 1 }, { status: 'RESOLVED' }]);
  expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 2, 'alert.repeated': 1, 'alert.resolved': 1 });
});

test('failure, retry and success that are read in one turn leave the same trail', async () => {
  const [flow, cancelled] = [newUuid(), newUuid()];
  await world.failFlow(workspaceId, flow);
  await world.failFlow(workspaceId, cancelled);
  await world.failFlow(workspaceId, flow);
  await world.tell(workspaceId, flow, 'flow.finished', { status: 'SUCCEEDED' });
  await world.tell(workspaceId, cancelled, 'flow.cancelled', { status: 'CANCELLED' });
  await world.consumer().catchUp();
  expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 2, 'alert.repeated': 1, 'alert.resolved': 2 });
  expect((await alerts()).map((alert: { status: string }) => alert.status)).toEqual(['RESOLVED', 'RESOLVED']);
});

test('a crash before the commit loses nothing and doubles nothing', async () => {
  const flow = newUuid();
  await world.failFlow(workspaceId, flow);
  const crashing = new Proxy(world.database, {
    get(target, property) {
      if (property === 'withWorkspace') {
        return (scope: never, work: (transaction: never) => Promise<unknown>) =>
          target.withWorkspace(scope, async (transaction) => {
            await work(transaction as never);
            throw new Error('the process dies here');
          });
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await world.consumer(crashing).catchUp();
  expect(await alerts()).toEqual([]);
  await world.consumer().catchUp();
  await world.consumer().catchUp();
  expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 1 });
});

test('several consumers share the log: each event has its effect once', async () => {
  const flows = Array.from({ length: 450 }, newUuid);
  for (const flow of flows) await world.failFlow(workspaceId, flow);
  await Promise.all(Array.from({ length: 4 }, () => world.consumer().catchUp()));
  await world.consumer().catchUp();
  expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 450 });
  const { alerts: page } = await world.get(operator, alertList, { first: 1 });
  expect(page.totalCount).toBe(450);
});

test('an event that cannot be read holds nobody up', async () => {
  const flow = newUuid();
  await world.tell(workspaceId, 'no uuid', 'flow.failed', { status: 'FAILED' });
  await world.failFlow(workspaceId, flow);
  await world.consumer().catchUp();
  expect(await alerts()).toMatchObject([{ fingerprint: `flow:${flow}` }]);
});

test('automatic transitions are in the audit trail with the part that made them', async () => {
  const flow = newUuid();
  await world.failFlow(workspaceId, flow);
  await world.tell(workspaceId, flow, 'flow.finished', { status: 'SUCCEEDED' });
  await world.consumer().catchUp();
  const rows = await world.superuser(
    'select actor_kind, actor_id, action, entity_type, before, after from audit_entry where workspace_id = $1 order by number',
    [workspaceId],
  );
  expect(rows).toEqual([
    {
      actor_kind: 'system',
      actor_id: 'alert.flows',
      action: 'alert.fire',
      entity_type: 'Alert',
      before: null,
      after: { status: 'FIRING', severity: 'CRITICAL', fingerprint: `flow:${flow}` },
    },
    {
      actor_kind: 'system',
      actor_id: 'alert.flows',
      action: 'alert.resolve',
      entity_type: 'Alert',
      before: { status: 'FIRING' },
      after: { status: 'RESOLVED', reason: 'FLOW_SUCCEEDED' },
    },
  ]);
});

test('a consumer at work sees a failure at once, and what it was not told of at its next look', async () => {
  await using consumer = world.consumer();
  consumer.start();
  await world.failFlow(workspaceId, newUuid());
  await eventually(async () => expect(await alerts()).toHaveLength(1), { timeoutMs: 900 });
});
