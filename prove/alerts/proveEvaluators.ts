import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { Random, startTestDatabase } from '@tributary/kit';
import type { Break } from './brokenEvaluators.ts';
import { checkEpisodes } from './checkEpisodes.ts';
import { Episodes, everyMs } from './Episodes.ts';
import { EvaluatorProcess } from './EvaluatorProcess.ts';
import { groupNames } from './groupNames.ts';

export interface EvaluatorsProof {
  readonly episodes: number;
  readonly kills: number;
  readonly stops: number;
  readonly faults: readonly string[];
}

const workspaces = 4;
const groupsOfRule = 10;
const episodesOfGroup = 25;
const evaluators = 8;
const patienceMs = 15_000;
/** Within which every rule is evaluated for the first time. */
const minutesToBegin = 2;

/** Evaluators are killed and stopped while the clock goes on: each episode must fire once and end once, at its very ticks. */
export async function proveEvaluators(seed: string, wanted: number, broken: Break | null): Promise<EvaluatorsProof> {
  await using opened = new AsyncDisposableStack();
  const random = new Random(seed);
  const testDatabase = opened.use(await startTestDatabase());
  const admin = new pg.Client({ connectionString: testDatabase.superuserUrl });
  await admin.connect();
  opened.defer(() => admin.end());
  for (const text of broken?.sql ?? []) await admin.query(text);
  const count = Math.min(episodesOfGroup, Math.ceil(wanted / (workspaces * groupsOfRule)));
  const rulesOfWorkspace = Math.max(1, Math.ceil(wanted / (workspaces * groupsOfRule * count)));
  const firstTick = (Math.ceil(Date.now() / everyMs) + minutesToBegin) * everyMs;
  const episodes = new Episodes(seed, firstTick, count);
  const rules = await makeRules(admin, rulesOfWorkspace);
  const groups = groupNames(groupsOfRule);
  const options = ['--url', testDatabase.appUrl, '--seed', seed, '--first', `${firstTick}`, '--count', `${count}`];
  const more = ['--groups', `${groupsOfRule}`, ...(broken ? ['--broken', broken.name] : [])];
  const running = await Promise.all(
    Array.from({ length: evaluators }, async () => opened.use(await EvaluatorProcess.start([...options, ...more]))),
  );
  let aheadMs = 0;
  let [kills, stops] = [0, 0];
  // A rule begins with its first evaluation: all of them have begun before anything happens.
  await untilNothingIsDue(admin, aheadMs);
  const last = episodes.lastTick + 10 * everyMs - Date.now();
  while (aheadMs < last) {
    aheadMs += random.between(30, 240) * 1_000;
    for (const evaluator of running) evaluator.tell(aheadMs);
    // In the middle of what they are at.
    await delay(random.between(0, 60));
    const victim = random.pick(running);
    const fate = random.next();
    if (fate < 0.1) {
      kills += 1;
      await victim.kill();
    } else if (fate < 0.4) {
      stops += 1;
      victim.stop();
      aheadMs += 2 * everyMs;
      for (const evaluator of running) evaluator.tell(aheadMs);
      await delay(random.between(50, 250));
      victim.goOn();
    }
    await untilNothingIsDue(admin, aheadMs);
  }
  // Whoever was killed between a claim and its write leaves a tick to the next one.
  for (let made = 0; made < 3; made += 1) {
    aheadMs += 2 * everyMs;
    for (const evaluator of running) evaluator.tell(aheadMs);
    await untilNothingIsDue(admin, aheadMs);
    await delay(500);
  }
  const faults = await checkEpisodes(admin, episodes, rules, groups);
  return { episodes: rules.size * groupsOfRule * count, kills, stops, faults };
}

/** Rules of all workspaces: bare uuid by the name that their episodes are drawn by. */
async function makeRules(admin: pg.Client, rulesOfWorkspace: number): Promise<Map<string, string>> {
  const rules = new Map<string, string>();
  for (let made = 0; made < workspaces; made += 1) {
    const workspaceId = newUuid();
    await admin.query(`insert into workspace (workspace_id, name, slug) values ($1, $2, $2)`, [
      workspaceId,
      `proof-${made}`,
    ]);
    for (let index = 0; index < rulesOfWorkspace; index += 1) {
      const [id, name] = [newUuid(), `rule-${made}-${index}`];
      rules.set(id, name);
      await admin.query(
        `insert into alert_rule (workspace_id, id, name, metric, comparison, threshold, window_seconds, group_by, scope, severity, enabled,
           every_seconds, delay_seconds, reopen_seconds, next_evaluation_at)
         values ($1, $2, $3, 'ERRORS', 'ABOVE', 0, 60, 'AGENT', $4, 'WARNING', true, 60, 0, 0, to_timestamp(0))`,
        [workspaceId, id, name, JSON.stringify({ agent: [name] })],
      );
    }
  }
  return rules;
}

async function untilNothingIsDue(admin: pg.Client, aheadMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const { rows } = await admin.query<{ due: boolean }>(
      `select exists (select from alert_rule where next_evaluation_at <= now() + $1::bigint * interval '1 millisecond') as due`,
      [aheadMs],
    );
    if (!rows[0]!.due) return;
    await delay(10);
  }
}
