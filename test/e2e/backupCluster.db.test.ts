import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
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
