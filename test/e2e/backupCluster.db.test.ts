import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { keepPartitions, roleUrl } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { startTestDatabase } from '@tributary/kit';
import { backup } from '../../operate/src/backup.js';
import { readOperateConfig } from '../../operate/src/config.js';
import { restore } from '../../operate/src/restore.js';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const logger = createLogger({ name: 'test', level: 'silent' });

async function query(url: string, ...statements: string[]): Promise<any[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: any[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

test('a cluster’s database is backed up and restored into an empty one, and its queue goes on', async () => {
  await using source = await startTestDatabase();
  await using target = await startTestDatabase({ empty: true });
  const folder = mkdtempSync(join(tmpdir(), 'tributary-backup-'));
  try {
    const id = newUuid();
    const awkward = String.raw`a "quoted", \ back, (brackets) ü 🜁`;
    await query(
      source.superuserUrl,
      `insert into workspace (workspace_id, slug, name, settings) values ('${id}', 'acme', '${awkward}', '{"a": [1, null]}')`,
      `insert into event (workspace_id, stream_id, seq, event_id, type, payload) select '${id}', 's', n, gen_random_uuid(), 't', '{}' from generate_series(1, 2500) n`,
      `insert into stream_head (workspace_id, stream_id, last_seq) values ('${id}', 's', 2500)`,
      // Of three weeks ago, of a week without a partition, and of long after: 1,200 each. One is rolled up, and one is in the log alone.
      `insert into trace (workspace_id, id, batch_id, series, duration_ms, cost_nano, input_tokens, output_tokens, cached_input_tokens,
         status, kind, cost_source, operation, external_id)
       select '${id}', (lpad(to_hex((extract(epoch from began) * 1000)::bigint + n), 12, '0') || '7000' || '8000' || repeat('0', 12))::uuid,
         '${id}', 1, 1, n, 0, 0, 0, 'OK', 'OTHER', 'SENT', 'op', 'e' || n
       from unnest(array[now() - interval '21 days', now() - interval '3 years', now() + interval '80 days']) began, generate_series(1, 1200) n`,
      `insert into trace_cell values (1, '${id}', 0, date_trunc('hour', now() - interval '21 days'), '', '', 'OTHER', 'OK', 1200, 0, 0, 0, 720600, 0, 1, '{0}', '{1200}')`,
      `insert into trace_day (workspace_id, day, traces, longest_ms, grain) values ('${id}', current_date - 21, 1200, 1, 'HOUR')`,
      `insert into trace_retention (workspace_id, traces_from) values ('${id}', '2020-01-06')`,
      `insert into consumer_position (workspace_id, consumer, stream_id, seq) values ('${id}', 'rollup', 'traces', 7)`,
      `select jobs.add_job('phase', '{"x": 1}'); update jobs._private_jobs set locked_by = 'gone', locked_at = now()`,
    );
    const settings = { AUDIT_SIGNING_KEY: pem, ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64url')}` };
    const operator = {
      adminUrl: source.superuserUrl,
      secrets: null,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    await backup(operator, readOperateConfig(settings), { folder: join(folder, 'b'), withKeys: false });
    const config = readOperateConfig({
      ...settings,
      DATABASE_ADMIN_URL: target.superuserUrl,
      DATABASE_MIGRATOR_PASSWORD: target.passwords.migrator,
      DATABASE_APP_PASSWORD: target.passwords.app,
      DATABASE_WORKER_PASSWORD: target.passwords.worker,
    });
    const options = { folder: join(folder, 'b'), keysFile: undefined, logger };
    expect((await restore(config, options)).audit.faults).toBe(0);
    await expect(restore(config, options)).rejects.toThrow('The database is not empty');

    const facts = `select w.name, w.settings::text, h.last_seq, (select md5(string_agg(e::text, ',' order by seq)) from event e) as events
      from workspace w join stream_head h using (workspace_id)`;
    expect(await query(target.superuserUrl, facts)).toEqual(await query(source.superuserUrl, facts));
    // Partitioned tables are one table in a backup: whatever weeks its rows are of, they are there, and move to weeks of their own.
    const rolledUp = `select (select md5(string_agg(t::text, ',' order by t.id)) from trace t) as traces,
      (select md5(string_agg(c::text, ',' order by c.at)) from trace_cell c) as cells, d.traces as counted, r.traces_from::text, p.seq
      from trace_day d join trace_retention r using (workspace_id) join consumer_position p using (workspace_id)`;
    const stored = await query(source.superuserUrl, rolledUp);
    expect(stored).toMatchObject([{ counted: '1200', seq: '7', traces_from: '2020-01-06' }]);
    expect(await query(target.superuserUrl, rolledUp)).toEqual(stored);
    const stray = 'select count(*)::int as n from trace_default';
    expect(await query(target.superuserUrl, stray)).toEqual([{ n: 2_400 }]);
    await keepPartitions(roleUrl(target.superuserUrl, 'worker', target.passwords.worker));
    expect(await query(target.superuserUrl, stray)).toEqual([{ n: 0 }]);
    expect(await query(target.superuserUrl, rolledUp)).toEqual(stored);
    const jobs = 'select id::int, locked_by from jobs._private_jobs order by id';
    const [job] = await query(target.superuserUrl, jobs);
    expect(job).toMatchObject({ locked_by: null });
    await query(target.superuserUrl, `select jobs.add_job('phase', '{"x": 2}')`);
    expect((await query(target.superuserUrl, jobs)).map((row) => row.id)).toEqual([job.id, job.id + 1]);
    // Nobody but a role that sees all rows makes a backup.
    await expect(
      backup({ ...operator, adminUrl: source.appUrl }, readOperateConfig(settings), {
        folder: join(folder, 'c'),
        withKeys: false,
      }),
    ).rejects.toThrow('may not read the rows of all workspaces');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
