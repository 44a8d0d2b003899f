import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { codesOf, person } from '@tributary/kit/world';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
let workspaceId: string;
let one: Principal;

beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.superuser('delete from alert_rule');
  workspaceId = newUuid();
  one = person(workspaceId);
  world.figures = () => [];
  world.aheadMs = 0;
});

const silenceFields =
  'id kind matchers { label values } comment startsAt endsAt rrule timeZone durationSeconds active nextAt endedAt version createdBy { __typename }';
const make = `mutation ($input: CreateAlertSilenceInput!) { createAlertSilence(input: $input) { matches silence { ${silenceFields} } } }`;
const change = `mutation ($input: UpdateAlertSilenceInput!) { updateAlertSilence(input: $input) { silence { ${silenceFields} } } }`;
const stop = `mutation ($input: EndAlertSilenceInput!) { endAlertSilence(input: $input) { silence { ${silenceFields} } } }`;
const suppressions = `{ alerts(first: 50) { nodes { id status title severity suppression { kind until silence { id comment } } } } }`;

const after = (seconds: number) => new Date(Date.now() + world.aheadMs + seconds * 1_000).toISOString();
const input = (facts: Record<string, unknown> = {}) => ({
  matchers: [],
  comment: 'Known trouble',
  endsAt: after(3_600),
  ...facts,
});
const silence = async (facts: Record<string, unknown> = {}) =>
  (await world.get(one, make, { input: input(facts) })).createAlertSilence;
const alerts = async () => (await world.get(one, suppressions)).alerts.nodes;
const move = () => world.moveSilences();

async function fail(retryable = false): Promise<string> {
  const flow = newUuid();
  await world.failFlow(workspaceId, flow, retryable);
  await world.consumer().catchUp();
  return flow;
}

describe('a silence', () => {
  test('holds what is open and what fires later, and says so: the alert is still an alert', async () => {
    await fail();
    const made = await silence();
    expect(made).toMatchObject({ matches: 1, silence: { kind: 'SILENCE', active: true, nextAt: null, version: 1 } });
    await fail();
    const found = await alerts();
    expect(found).toHaveLength(2);
    for (const alert of found) {
      expect(alert).toMatchObject({
        status: 'FIRING',
        suppression: {
          kind: 'SILENCE',
          until: made.silence.endsAt,
          silence: { id: made.silence.id, comment: 'Known trouble' },
        },
      });
    }
    expect(await world.eventCounts(workspaceId)).toEqual({ 'alert.fired': 2, 'alert.suppressed': 2 });
  });

  test('ends by itself, and its alerts are as they were: an acknowledge is not lost under it', async () => {
    await fail();
    const [alert] = await alerts();
    await world.get(one, `mutation ($id: ID!) { acknowledgeAlert(input: { id: $id }) { alert { id } } }`, alert);
    await silence({ endsAt: after(60) });
    world.aheadMs += 61_000;
    // The graph knows without anybody having looked.
    expect(await alerts()).toMatchObject([{ status: 'ACKNOWLEDGED', suppression: null }]);
    await move();
    await move();
    expect(await alerts()).toMatchObject([{ status: 'ACKNOWLEDGED', suppression: null }]);
    expect(await world.eventCounts(workspaceId)).toMatchObject({ 'alert.suppressed': 1, 'alert.unsuppressed': 1 });
  });

  test('begins later, by itself', async () => {
    await fail();
    const { matches, silence: made } = await silence({ startsAt: after(600) });
    expect([matches, made.active, made.nextAt]).toEqual([0, false, made.startsAt]);
    expect(await alerts()).toMatchObject([{ suppression: null }]);
    world.aheadMs += 601_000;
    await move();
    expect(await alerts()).toMatchObject([{ suppression: { silence: { id: made.id } } }]);
  });

  test('means those alerts whose labels match: all matchers, any of the values', async () => {
    await fail(true);
    const flow = await fail(false);
    expect(await silence({ matchers: [{ label: 'severity', values: ['CRITICAL', 'INFO'] }] })).toMatchObject({
      matches: 1,
    });
    const both = [
      { label: 'severity', values: ['WARNING'] },
      { label: 'flowId', values: [`flow_${flow}`] },
    ];
    expect(await silence({ matchers: both })).toMatchObject({ matches: 0 });
    expect(await silence({ matchers: [{ label: 'code', values: ['SOURCE_UNREADABLE'] }] })).toMatchObject({
      matches: 2,
    });
    expect(await silence({ matchers: [{ label: 'retryable', values: ['true'] }] })).toMatchObject({ matches: 1 });
  });

  test('of a rule, its group or a label that it gives holds the alert of that rule', async () => {
    world.figures = () => [{ key: 'mapper', value: 0.5 }];
    const facts = { groupBy: 'AGENT', labels: { team: 'data' }, delaySeconds: 0, everySeconds: 10 };
    const made = (await world.get(one, createRule, { rule: rule(facts) })).createAlertRule.rule;
    await world.pass(10);
    for (const matcher of [
      { label: 'ruleId', values: [made.id] },
      { label: 'key', values: ['mapper'] },
      { label: 'team', values: ['data'] },
      { label: 'fingerprint', values: [`rule:${made.id.slice(5)}:mapper`] },
    ])
      expect(await silence({ matchers: [matcher] })).toMatchObject({ matches: 1 });
    const unknown = await world.ask(one, make, { input: input({ matchers: [{ label: 'squad', values: ['x'] }] }) });
    expect(codesOf(unknown)).toEqual(['INVALID_INPUT']);
    const wrongId = await world.ask(one, make, {
      input: input({ matchers: [{ label: 'ruleId', values: ['flow_0190a000-0000-7000-8000-000000000001'] }] }),
    });
    expect(codesOf(wrongId)).toEqual(['INVALID_INPUT']);
  });

  test('hands over to another that ends later, and ends early when a person says so', async () => {
    await fail();
    const short = (await silence({ endsAt: after(60) })).silence;
    const long = (await silence({ endsAt: after(600) })).silence;
    expect(await alerts()).toMatchObject([{ suppression: { silence: { id: long.id } } }]);
    const ended = (await world.get(one, stop, { input: { id: long.id, comment: 'Repaired' } })).endAlertSilence.silence;
    expect(ended).toMatchObject({ active: false, nextAt: null, endedAt: expect.any(String) });
    expect(await alerts()).toMatchObject([{ suppression: { silence: { id: short.id } } }]);
    const again = await world.ask(one, stop, { input: { id: long.id } });
    expect(again.errors![0]!.extensions).toMatchObject({
      code: 'RESOURCE_CONFLICT',
      details: { reason: 'SILENCE_ENDED' },
    });
    await world.get(one, stop, { input: { id: short.id } });
    expect(await alerts()).toMatchObject([{ suppression: null }]);
  });

  test('is changed by the version that was read, and leaves who did what', async () => {
    await fail();
    const { id } = (await silence()).silence;
    const until = after(7_200);
    const patch = { id, version: 1, comment: 'Takes longer', endsAt: until };
    expect((await world.get(one, change, { input: patch })).updateAlertSilence.silence).toMatchObject({
      comment: 'Takes longer',
      endsAt: until,
      version: 2,
    });
    expect(await alerts()).toMatchObject([{ suppression: { until } }]);
    const stale = await world.ask(one, change, { input: patch });
    expect(stale.errors![0]!.extensions).toMatchObject({ details: { reason: 'VERSION_MISMATCH', version: 2 } });
    expect(codesOf(await world.ask(one, change, { input: { id, version: 2, comment: null } }))).toEqual([
      'INVALID_INPUT',
    ]);
    await world.get(one, stop, { input: { id, comment: 'Done' } });
    const trail = await world.superuser(
      `select action, after ->> 'comment' as comment from audit_entry where workspace_id = $1 and entity_type = 'AlertSilence' order by number`,
      [workspaceId],
    );
    expect(trail).toEqual([
      { action: 'alertSilence.create', comment: 'Known trouble' },
      { action: 'alertSilence.update', comment: 'Takes longer' },
      { action: 'alertSilence.end', comment: 'Done' },
    ]);
  });

  test('is made once for one key, and is listed newest first, by whether it holds now', async () => {
    const keyed = input({ idempotencyKey: 'silence-1' });
    const [first, second] = [
      await world.get(one, make, { input: keyed }),
      await world.get(one, make, { input: keyed }),
    ].map((answer) => answer.createAlertSilence.silence.id);
    expect(second).toBe(first);
    const later = (await silence({ startsAt: after(600) })).silence.id;
    const list = async (active: boolean | null) =>
      (
        await world.get(
          one,
          `query ($active: Boolean) { alertSilences(active: $active) { nodes { id } totalCount } }`,
          { active },
        )
      ).alertSilences;
    expect(await list(null)).toEqual({ nodes: [{ id: later }, { id: first }], totalCount: 2 });
    expect(await list(true)).toEqual({ nodes: [{ id: first }], totalCount: 1 });
    expect(await list(false)).toEqual({ nodes: [{ id: later }], totalCount: 1 });
    const other = person(newUuid());
    expect(await world.get(other, `{ alertSilences { nodes { id } totalCount } }`)).toEqual({
      alertSilences: { nodes: [], totalCount: 0 },
    });
    expect(codesOf(await world.ask(other, stop, { input: { id: first } }))).toEqual(['RESOURCE_NOT_FOUND']);
    expect(codesOf(await world.ask(person(workspaceId, 'VIEWER'), make, { input: input() }))).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });

  test('is refused when 200 are not over', async () => {
    await silence();
    await world.superuser(
      `insert into alert_silence (workspace_id, id, kind, matchers, comment, starts_at, ends_at, active_from, active_until, created_by_kind, created_by_id)
       select workspace_id, gen_random_uuid(), kind, matchers, comment, starts_at, ends_at, active_from, active_until, created_by_kind, created_by_id
       from alert_silence cross join generate_series(1, 199) where workspace_id = $1`,
      [workspaceId],
    );
    expect(codesOf(await world.ask(one, make, { input: input() }))).toEqual(['QUOTA_EXCEEDED']);
  });
});

describe('a maintenance window that recurs', () => {
  test('holds alerts again and again, and lets go in between', async () => {
    await fail();
    const { silence: made } = await silence({
      kind: 'MAINTENANCE',
      startsAt: after(-60),
      endsAt: after(86_400 * 30),
      rrule: 'FREQ=DAILY',
      timeZone: 'UTC',
      durationSeconds: 600,
    });
    const begun = Date.parse(made.startsAt);
    expect(made).toMatchObject({ active: true, nextAt: new Date(begun + 86_400_000).toISOString() });
    const suppression = { kind: 'MAINTENANCE', until: new Date(begun + 600_000).toISOString() };
    expect(await alerts()).toMatchObject([{ suppression }]);
    for (let day = 1; day <= 3; day += 1) {
      world.aheadMs = begun + (day - 1) * 86_400_000 + 601_000 - Date.now();
      await move();
      expect(await alerts()).toMatchObject([{ suppression: null }]);
      world.aheadMs = begun + day * 86_400_000 + 1_000 - Date.now();
      await move();
      const until = new Date(begun + day * 86_400_000 + 600_000).toISOString();
      expect(await alerts()).toMatchObject([{ suppression: { until } }]);
    }
    expect(await world.eventCounts(workspaceId)).toEqual({
      'alert.fired': 1,
      'alert.suppressed': 4,
      'alert.unsuppressed': 3,
    });
  });
});

test('an alert that ends and fires again under a silence is held again', async () => {
  const made = (await world.get(one, createRule, { rule: rule({ delaySeconds: 0, everySeconds: 10 }) })).createAlertRule
    .rule;
  world.figures = () => [{ key: null, value: 0.5 }];
  await silence({ matchers: [{ label: 'ruleId', values: [made.id] }] });
  await world.pass(10);
  world.figures = () => [{ key: null, value: 0 }];
  await world.pass(10);
  expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([{ status: 'RESOLVED' }]);
  expect(await alerts()).toMatchObject([{ suppression: null }]);
  world.figures = () => [{ key: null, value: 0.5 }];
  await world.pass(10);
  expect((await world.get(one, alertList)).alerts.nodes).toMatchObject([{ status: 'FIRING', reopened: 1 }]);
  expect(await alerts()).toMatchObject([{ suppression: { kind: 'SILENCE' } }]);
});
