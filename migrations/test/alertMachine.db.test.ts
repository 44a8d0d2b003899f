import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '@tributary/data';
import { installJobs, migrations } from '@tributary/migrations';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await startTestDatabase({ empty: true });
  admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await database[Symbol.asyncDispose]();
});

const before = migrations.findIndex((migration) => migration.name === 'AlertMachine0047');
const run = (last: number) =>
  migrate({
    adminUrl: database.superuserUrl,
    migrations: migrations.slice(0, last),
    installJobs,
    passwords: database.passwords,
    direction: 'up',
  });

test('rules that are there keep what they did, their open alerts go on, and the log becomes history', async () => {
  await run(before);
  const [workspaceId, ruleId, open, ended] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await admin.query(
    `insert into alert_rule (workspace_id, id, name, metric, comparison, threshold, window_seconds, group_by, severity, enabled)
     values ($1, $2, 'Old', 'ERRORS', 'ABOVE', 1, 60, 'AGENT', 'WARNING', true)`,
    [workspaceId, ruleId],
  );
  const insert = `insert into alert (workspace_id, id, fingerprint, severity, status, title, description, labels, value, occurrences,
      first_seen_at, last_seen_at, resolved_at, rule_id, version)
    values ($1, $2, $3, 'WARNING', $4, 'Old', 'Old', '{"key": "mapper"}', 2, 3, now(), now(), $5, $6, 3)`;
  await admin.query(insert, [workspaceId, open, `rule:${ruleId}:mapper`, 'FIRING', null, ruleId]);
  await admin.query(insert, [workspaceId, ended, `rule:${ruleId}:planner`, 'RESOLVED', new Date(), ruleId]);
  const events = [
    [open, 'alert.fired'],
    [ended, 'alert.fired'],
    [open, 'alert.repeated'],
    [ended, 'alert.resolved'],
  ] as const;
  for (const [index, [alertId, type]] of events.entries()) {
    await admin.query(
      `insert into event (workspace_id, stream_id, seq, event_id, type, payload) values ($1, 'alerts', $2, $3, $4, $5)`,
      [workspaceId, index + 1, randomUUID(), type, { alertId, data: { status: 'x' } }],
    );
  }
  await run(migrations.length);

  const { rows: rules } = await admin.query(
    `select time_basis, no_data, delay_seconds, every_seconds, evaluated_until is not null as is_decided from alert_rule`,
  );
  expect(rules).toEqual([
    { time_basis: 'STARTED', no_data: 'RESOLVE', delay_seconds: 0, every_seconds: null, is_decided: true },
  ]);
  const { rows: instances } = await admin.query(`select fingerprint, key, state, last_alert_id from alert_instance`);
  expect(instances).toEqual([
    { fingerprint: `rule:${ruleId}:mapper`, key: 'mapper', state: 'FIRING', last_alert_id: open },
  ]);
  const { rows: history } = await admin.query(
    `select alert_id, number, kind, actor_kind from alert_history order by alert_id = $1, number`,
    [open],
  );
  expect(history).toEqual([
    { alert_id: ended, number: 2, kind: 'fired', actor_kind: 'system' },
    { alert_id: ended, number: 3, kind: 'resolved', actor_kind: 'system' },
    { alert_id: open, number: 2, kind: 'fired', actor_kind: 'system' },
    { alert_id: open, number: 3, kind: 'repeated', actor_kind: 'system' },
  ]);
  // What is made from now on is by the new ways.
  await admin.query(
    `insert into alert_rule (workspace_id, id, name, metric, comparison, threshold, window_seconds, severity, enabled)
     values ($1, $2, 'New', 'ERRORS', 'ABOVE', 1, 60, 'WARNING', true)`,
    [workspaceId, randomUUID()],
  );
  const { rows: fresh } = await admin.query(
    `select time_basis, no_data, delay_seconds, evaluated_until from alert_rule where name = 'New'`,
  );
  expect(fresh).toEqual([{ time_basis: 'ENDED', no_data: 'HOLD', delay_seconds: 15, evaluated_until: null }]);
}, 60_000);
