import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { eventually } from '@tributary/kit';
import { person } from '@tributary/kit/world';
import { alertList, createRule, rule, startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
let operator: Principal;

beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.superuser('delete from alert_rule');
  operator = person(newUuid());
  world.asked.length = 0;
  world.figures = () => [];
});

/** Reads the instances of one rule at a time, and fails at more. */
function readingFewInstances(database: Database): Database {
  const withWorkspace: Database['withWorkspace'] = (scope, work) =>
    database.withWorkspace(scope, (transaction) => {
      const query: WorkspaceTransaction['query'] = async (statement) => {
        const [ids] = statement.values as [readonly string[]];
        if (statement.name === 'alert.instancesOfRules' && ids.length > 1) throw new Error('This takes too long.');
        return transaction.query(statement);
      };
      return work(Object.create(transaction, { query: { value: query } }) as WorkspaceTransaction);
    });
  return Object.create(database, { withWorkspace: { value: withWorkspace } }) as Database;
}

const create = async (facts: Record<string, unknown> = {}) =>
  (await world.get(operator, createRule, { rule: rule(facts) })).createAlertRule.rule as { id: string };
const alerts = async () => (await world.get(operator, alertList)).alerts.nodes as { title: string; status: string }[];

describe('rules that are evaluated together', () => {
  test('ask once for figures that they have in common, and each makes of them what it would alone', async () => {
    for (const threshold of [1, 4, 8]) await create({ name: `Above ${threshold}`, groupBy: 'AGENT', threshold });
    world.figures = () => [
      { key: 'calm', value: 2 },
      { key: 'wild', value: 9 },
    ];
    await world.pass(15);
    const ticks = new Set(world.asked.map(({ firstEnd }) => firstEnd.getTime())).size;
    expect(world.asked).toHaveLength(ticks);
    expect((await alerts()).map(({ title }) => title).sort()).toEqual([
      'Above 1: agent “calm”',
      'Above 1: agent “wild”',
      'Above 4: agent “wild”',
      'Above 8: agent “wild”',
    ]);
    world.figures = () => [
      { key: 'calm', value: 0 },
      { key: 'wild', value: 5 },
    ];
    await world.pass(15);
    const open = (await alerts()).filter(({ status }) => status === 'FIRING');
    expect(open.map(({ title }) => title).sort()).toEqual(['Above 1: agent “wild”', 'Above 4: agent “wild”']);
  });

  test('one that cannot be written does not keep the others from it', async () => {
    await world.superuser(`create function refuse_poison() returns trigger language plpgsql as $$
      begin if new.title like 'Poison%' then raise exception 'poison'; end if; return new; end $$`);
    await world.superuser(
      `create trigger refuse_poison before insert on alert for each row execute function refuse_poison()`,
    );
    try {
      await create({ name: 'Before' });
      const poison = await create({ name: 'Poison' });
      await create({ name: 'Behind' });
      world.figures = () => [{ key: null, value: 1 }];
      await world.pass(15);
      // A turn that takes long leaves rules to the next.
      await eventually(async () => {
        await world.pass(0);
        expect((await alerts()).map(({ title }) => title).sort()).toEqual(['Before', 'Behind']);
      });
      expect(await world.eventCounts(operator.workspaceId)).toEqual({ 'alert.fired': 2 });
      const undecided = await world.superuser('select id from alert_rule where evaluated_until is null');
      expect(undecided).toEqual([{ id: poison.id.slice('rule_'.length) }]);
    } finally {
      await world.superuser('drop function refuse_poison() cascade');
    }
    await eventually(async () => {
      await world.pass(15);
      expect(await alerts()).toHaveLength(3);
    });
  });

  test('are claimed by halves when what is known of them is too much to be read at once', async () => {
    for (const name of ['One', 'Two', 'Three']) await create({ name });
    world.figures = () => [{ key: null, value: 1 }];
    world.aheadMs += 15_000;
    await world.evaluator({}, readingFewInstances(world.database)).evaluateDueRules();
    expect(await alerts()).toHaveLength(3);
  });

  test('those that are dear leave the others to the next turn, in which they are evaluated', async () => {
    const window = [300, 600, 900];
    for (const windowSeconds of window) await create({ windowSeconds, everySeconds: 300 });
    world.figures = async () => {
      await delay(700);
      return [{ key: null, value: 1 }];
    };
    await world.pass(300, { lanes: 1 });
    expect(await alerts()).toHaveLength(3);
    const [claims] = await world.superuser(
      'select min(evaluations)::int as first, max(evaluations)::int as last from alert_rule',
    );
    expect(claims!['first']).toBe(1);
    expect(claims!['last']).toBeGreaterThan(1);
  });
});
