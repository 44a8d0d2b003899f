import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { Random } from '@tributary/kit';
import { person } from '@tributary/kit/world';
import { LiveRules } from './LiveRules.js';
import type { Run } from './LiveRules.js';

/** `PREVIEW_HISTORIES=500` for as many as the design asks for; the seed is printed with what differs. */
const histories = Number(process.env['PREVIEW_HISTORIES'] ?? 12);
const firstSeed = Number(process.env['PREVIEW_SEED'] ?? 1);

let world: LiveRules;
beforeAll(async () => {
  world = await LiveRules.start(24 * 3_600_000);
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const minute = 60_000;
const every = 10_000;

const metrics = [
  { metric: 'ERROR_RATE', comparison: 'ABOVE', threshold: 0.4, recoveryThreshold: 0.2 },
  { metric: 'REQUESTS', comparison: 'BELOW', threshold: 2 },
  { metric: 'ERRORS', comparison: 'ABOVE', threshold: 1 },
] as const;

/** A rule and what agents did for twenty minutes: in order of time. */
function drawHistory(random: Random, begins: number) {
  const groupBy = random.next() < 0.6 ? 'AGENT' : null;
  const rule = {
    name: 'Drawn',
    ...random.pick([...metrics]),
    windowSeconds: random.pick([60, 120]),
    groupBy,
    severity: 'WARNING',
    everySeconds: every / 1_000,
    forSeconds: random.pick([0, 0, 30]),
    keepFiringSeconds: random.pick([0, 0, 40]),
    noData: random.pick(['HOLD', 'RESOLVE', 'FIRE', 'ALERT']),
    reopenSeconds: random.pick([0, 600]),
    delaySeconds: 15,
  };
  const runs: (Run & { readonly sentAt: number })[] = [];
  let bad = false;
  for (let at = begins; at < begins + 20 * minute; at += 5_000 + random.next() * 20_000) {
    if (random.next() < 0.1) bad = !bad;
    if (random.next() < 0.04) at += 2 * minute;
    const run: Run = {
      agent: random.pick(['mapper', 'planner', 'writer']),
      endedAt: Math.floor(at),
      durationMs: random.pick([50, 2_000, 90_000]),
      failed: random.next() < (bad ? 0.8 : 0.1),
    };
    // Most come at once, some late, and some in another order.
    const lateMs = random.next() < 0.75 ? random.next() * 5_000 : random.next() * 6 * minute;
    runs.push({ ...run, sentAt: run.endedAt + lateMs });
  }
  return { rule, runs: runs.sort((one, other) => one.sentAt - other.sentAt) };
}

test.each(Array.from({ length: histories }, (_, index) => firstSeed + index))(
  'history %i: what a rule did, late data and outages and all, is what its preview says',
  async (seed) => {
    const random = new Random(seed);
    const principal: Principal = person(newUuid());
    // Far enough back that its end is past for the metrics subgraph, too; whole minutes, so that all of it is on the grid.
    const begins = Math.floor((Date.now() - 40 * minute) / minute) * minute;
    world.aheadMs = begins - Date.now();
    const { rule, runs } = drawHistory(random, begins);
    await world.get(
      principal,
      'mutation ($rule: AlertRuleInput!) { createAlertRule(input: { rule: $rule }) { rule { id } } }',
      {
        rule,
      },
    );
    await world.superuser(
      `update alert_rule set created_at = $2, next_evaluation_at = to_timestamp(0) where workspace_id = $1`,
      [principal.workspaceId, new Date(begins)],
    );
    await world.superuser(`update workspace set created_at = $2 where workspace_id = $1`, [
      principal.workspaceId,
      new Date(begins),
    ]);
    const unsent = [...runs];
    const ends = begins + 30 * minute;
    for (let at = begins + 16_000; at <= ends; at += every) {
      world.aheadMs = at - Date.now();
      const due = unsent.filter(({ sentAt }) => sentAt <= at);
      unsent.splice(0, due.length);
      await world.send(principal, due);
      // Now and then every evaluator is away for a while.
      if (random.next() < 0.03) at += random.pick([1, 3, 9]) * every;
      world.aheadMs = at - Date.now();
      await world.evaluate();
    }
    world.aheadMs = ends + 20_000 - Date.now();
    await world.send(principal, unsent);
    await world.evaluate();
    world.aheadMs += 2 * every;
    await world.evaluate();

    const [known] = await world.superuser('select evaluated_until from alert_rule where workspace_id = $1', [
      principal.workspaceId,
    ]);
    const range = { from: new Date(begins).toISOString(), to: known!['evaluated_until'].toISOString() };
    const { previewAlertRule: preview } = await world.get(
      principal,
      `query ($rule: AlertRuleInput!, $from: DateTime!, $to: DateTime!) {
        previewAlertRule(input: $rule, range: { from: $from, to: $to }) { transitions(first: 10000) { at key from to } truncated }
      }`,
      { rule, ...range },
    );
    const said = preview.transitions.map((one: { at: string; key: string | null; from: string; to: string }) =>
      [one.at, one.key, one.from, one.to].join(' '),
    );
    const live = await world.superuser(
      `select t.tick, i.key, t.fingerprint, t.from_state, t.to_state from alert_transition t
       left join alert_instance i using (workspace_id, rule_id, fingerprint)
       where t.workspace_id = $1 and t.from_state <> t.to_state order by t.tick`,
      [principal.workspaceId],
    );
    const did = live.map((row) => {
      const key = /^rule:[0-9a-f-]{36}(?:#no-data)?(?::(.*))?$/.exec(row['fingerprint'] as string)?.[1] ?? null;
      return [row['tick'].toISOString(), key, row['from_state'], row['to_state']].join(' ');
    });
    expect([seed, rule, did.toSorted()]).toEqual([seed, rule, said.toSorted()]);
    // The feed says the same: of each fingerprint one open alert at most, and that exactly while an instance has one.
    const open = await world.superuser(
      `select fingerprint from alert where workspace_id = $1 and status <> 'RESOLVED' order by 1`,
      [principal.workspaceId],
    );
    const instances = await world.superuser(
      `select fingerprint from alert_instance where workspace_id = $1 and (flapping or state in ('FIRING', 'RECOVERING')) order by 1`,
      [principal.workspaceId],
    );
    expect([seed, open]).toEqual([seed, instances]);
  },
  120_000,
);
