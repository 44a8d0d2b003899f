import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { migrate } from '@tributary/data';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { person } from '@tributary/kit/world';
import { installJobs, migrations } from '@tributary/migrations';
import pg from 'pg';
import { LiveRules } from '../../prove/alerts/LiveRules.js';

const beforeTheMachine = migrations.findIndex((migration) => migration.name === 'AlertMachine0047');
const groups = ['goes on', 'taken up', 'is over', 'was over'] as const;
type Group = (typeof groups)[number];

/** A rule with alerts as evaluators of before left them. Answers the alerts' ids. */
async function writeOldAlerts(database: TestDatabase, workspaceId: string): Promise<Record<Group, string>> {
  const admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
  const ruleId = randomUUID();
  await admin.query(
    `insert into alert_rule (workspace_id, id, name, metric, comparison, threshold, window_seconds, group_by, severity, enabled)
     values ($1, $2, 'Old', 'ERRORS', 'ABOVE', 1, 600, 'AGENT', 'WARNING', true)`,
    [workspaceId, ruleId],
  );
  const ids = Object.fromEntries(groups.map((group) => [group, randomUUID()])) as Record<Group, string>;
  for (const group of groups) {
    await admin.query(
      `insert into alert (workspace_id, id, fingerprint, severity, status, title, description, labels, value, occurrences, first_seen_at,
         last_seen_at, acknowledged_at, acknowledged_by_kind, acknowledged_by_id, resolved_at, rule_id, version)
       values ($1, $2, $3, 'WARNING', $4, 'Old', 'Old', $5, 2, 3, now() - interval '5 minutes', now(), $6, $7, $8, $9, $10, 3)`,
      [
        workspaceId,
        ids[group],
        `rule:${ruleId}:${group}`,
        group === 'taken up' ? 'ACKNOWLEDGED' : group === 'was over' ? 'RESOLVED' : 'FIRING',
        JSON.stringify({ key: group }),
        ...(group === 'taken up' ? [new Date(), 'user', randomUUID()] : [null, null, null]),
        group === 'was over' ? new Date() : null,
        ruleId,
      ],
    );
  }
  await admin.end();
  return ids;
}

test('open alerts of rules from before the machine go on: none fires a second time, and each ends when it is over', async () => {
  const testDatabase = await startTestDatabase({ empty: true });
  const run = (last: number) =>
    migrate({
      adminUrl: testDatabase.superuserUrl,
      migrations: migrations.slice(0, last),
      installJobs,
      passwords: testDatabase.passwords,
      direction: 'up',
    });
  const ann = person(randomUUID());
  await run(beforeTheMachine);
  const ids = await writeOldAlerts(testDatabase, ann.workspaceId);
  // Within the window of every tick from the migration on, however long that takes.
  const failedAt = Date.now();
  await run(migrations.length);
  await using world = await LiveRules.start({ testDatabase });
  const failures = (agent: Group) =>
    Array.from({ length: 2 }, () => ({ agent, endedAt: failedAt, durationMs: 1, failed: true }));
  await world.send(ann, [...failures('goes on'), ...failures('taken up')]);
  const statuses = async () => {
    const found = await world.superuser('select id, status from alert');
    return Object.fromEntries(found.map(({ id, status }) => [id, status]));
  };
  for (const seconds of [30, 60, 90]) {
    world.aheadMs = seconds * 1_000;
    await world.evaluate();
  }
  expect(await statuses()).toEqual({
    [ids['goes on']]: 'FIRING',
    [ids['taken up']]: 'ACKNOWLEDGED',
    [ids['is over']]: 'RESOLVED',
    [ids['was over']]: 'RESOLVED',
  });
  // What failed has left the window.
  for (const seconds of [700, 730]) {
    world.aheadMs = seconds * 1_000;
    await world.evaluate();
  }
  expect(new Set(Object.values(await statuses()))).toEqual(new Set(['RESOLVED']));
  const events = await world.superuser(
    `select type, count(*)::int as n from event where stream_id = 'alerts' and type in ('alert.fired', 'alert.reopened', 'alert.resolved') group by 1`,
  );
  expect(events).toEqual([{ type: 'alert.resolved', n: 3 }]);
}, 60_000);
