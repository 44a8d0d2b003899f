import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { Random } from '@tributary/kit';
import { person } from '@tributary/kit/world';
import { drawHistory, historyMs, latestMs, stepMs } from './drawHistory.ts';
import type { History } from './drawHistory.ts';
import type { LiveRules } from './LiveRules.ts';

/** A history in a workspace of its own. */
interface Lived extends History {
  readonly seed: number;
  readonly principal: Principal;
  readonly unsent: History['runs'][number][];
}

const minuteMs = 60_000;

/**
 * Lets rules live through histories side by side, all by one clock that is moved, and tries the same rules over the same time afterwards.
 * Answers what is not the same, with the seed of its history; nothing when live rules and their previews agree.
 */
export async function compareHistories(
  world: LiveRules,
  seeds: readonly number[],
  isPunctual = false,
): Promise<string[]> {
  // Far enough back that its end is past for the metrics subgraph, too; whole minutes, so that all of it is on the grid.
  const begins = Math.floor((Date.now() - historyMs - 20 * minuteMs) / minuteMs) * minuteMs;
  const ends = begins + historyMs + latestMs + 4 * minuteMs;
  const random = new Random(seeds.join());
  world.aheadMs = begins - Date.now();
  const lived: Lived[] = [];
  for (const seed of seeds) lived.push(await beginHistory(world, seed, begins, isPunctual));
  for (let at = begins + 16_000; at <= ends; at += stepMs) {
    world.aheadMs = at - Date.now();
    await sendWhatIsDue(world, lived, at);
    // Now and then every evaluator is away for a while; agents are not.
    if (random.next() < 0.03) at += random.pick([1, 3, 9]) * stepMs;
    world.aheadMs = at - Date.now();
    await sendWhatIsDue(world, lived, at);
    await world.evaluate();
  }
  for (const at of [ends + 40_000, ends + 80_000]) {
    world.aheadMs = at - Date.now();
    await world.evaluate();
  }
  const differences: string[] = [];
  for (const history of lived) differences.push(...(await compare(world, history, begins)));
  return differences;
}

async function beginHistory(world: LiveRules, seed: number, begins: number, isPunctual: boolean): Promise<Lived> {
  const principal = person(newUuid());
  const history = drawHistory(new Random(seed), begins, isPunctual);
  const create = `mutation ($rule: AlertRuleInput!) { createAlertRule(input: { rule: $rule }) { rule { id } } }`;
  await world.get(principal, create, { rule: history.rule });
  const made = [principal.workspaceId, new Date(begins)];
  await world.superuser(
    `update alert_rule set created_at = $2, next_evaluation_at = to_timestamp(0) where workspace_id = $1`,
    made,
  );
  await world.superuser(`update workspace set created_at = $2 where workspace_id = $1`, made);
  return { ...history, seed, principal, unsent: [...history.runs] };
}

async function sendWhatIsDue(world: LiveRules, lived: readonly Lived[], at: number): Promise<void> {
  await Promise.all(
    lived.map(async ({ principal, unsent }) => {
      const later = unsent.findIndex(({ sentAt }) => sentAt > at);
      await world.send(principal, unsent.splice(0, later < 0 ? unsent.length : later));
    }),
  );
}

async function compare(world: LiveRules, { seed, rule, principal }: Lived, begins: number): Promise<string[]> {
  const workspace = [principal.workspaceId];
  const [known] = await world.superuser('select evaluated_until from alert_rule where workspace_id = $1', workspace);
  const range = { from: new Date(begins).toISOString(), to: known!['evaluated_until'].toISOString() };
  const preview = await world.get(
    principal,
    `query ($rule: AlertRuleInput!, $from: DateTime!, $to: DateTime!) {
      previewAlertRule(input: $rule, range: { from: $from, to: $to }) { transitions(first: 10000) { at key from to } truncated }
    }`,
    { rule, ...range },
  );
  const said = preview.previewAlertRule.transitions.map(
    (one: { at: string; key: string | null; from: string; to: string }) => spell(one.at, one.key, one.from, one.to),
  );
  const live = await world.superuser(
    `select tick, fingerprint, from_state, to_state from alert_transition
     where workspace_id = $1 and from_state <> to_state order by tick`,
    workspace,
  );
  const did = live.map((row) => {
    const key = /^rule:[0-9a-f-]{36}(?:#no-data)?(?::(.*))?$/.exec(row['fingerprint'] as string)?.[1] ?? null;
    return spell(row['tick'].toISOString(), key, row['from_state'], row['to_state']);
  });
  // The feed says the same: of each fingerprint one open alert at most, and that exactly while an instance has one.
  const open = await world.superuser(
    `select fingerprint from alert where workspace_id = $1 and status <> 'RESOLVED' order by 1`,
    workspace,
  );
  const instances = await world.superuser(
    `select fingerprint from alert_instance where workspace_id = $1 and (flapping or state in ('FIRING', 'RECOVERING')) order by 1`,
    workspace,
  );
  const [isOpen, shouldBe] = [open, instances].map((rows) => rows.map((row) => row['fingerprint'] as string));
  return [
    ...without(did, said).map((one) => `history ${seed}: the rule did, and its preview does not say: ${one}`),
    ...without(said, did).map((one) => `history ${seed}: the preview says, and its rule did not: ${one}`),
    ...without(isOpen!, shouldBe!).map((one) => `history ${seed}: an alert is open without an instance: ${one}`),
    ...without(shouldBe!, isOpen!).map((one) => `history ${seed}: an instance fires without an open alert: ${one}`),
  ];
}

function spell(at: string, key: string | null, from: string, to: string): string {
  return [at, key, from, to].join(' ');
}

/** What is left of `all` when each of `others` takes one of its kind away. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = [...all];
  for (const one of others) {
    const index = left.indexOf(one);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
