import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { platformSchedules } from '@tributary/worker';
import pg from 'pg';

const logger = createLogger({ name: 'test', level: 'silent' });
const auditKey = generateKeyPairSync('ed25519').privateKey;
const opened = new AsyncDisposableStack();
const workspaces = [newUuid(), newUuid()];
let facts: TestDatabase;
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  facts = opened.use(await startTestDatabase());
  database = opened.use(await Database.open({ url: facts.appUrl, entities: [], logger }));
  client = new pg.Client({ connectionString: facts.superuserUrl });
  await client.connect();
  opened.defer(() => client.end());
  for (const [index, workspaceId] of workspaces.entries())
    await look(`insert into workspace (workspace_id, slug, name) values ($1, $2, 'W')`, [workspaceId, `work-${index}`]);
});
afterAll(() => opened.disposeAsync());

async function look<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query(text, values)).rows as Row[];
}

const retention = { traceDays: 30, cellDays: 400 };

/** Runs one of the platform's schedules once. */
async function run(name: string, eventRetentionHours = 168): Promise<void> {
  const options = { database, logger, workerUrl: facts.workerUrl, auditKey, eventRetentionHours, retention };
  const schedule = platformSchedules(options).find((known) => known.name === name);
  await schedule!.run();
}

test('idempotency keys go after 24 hours, in every workspace and in any number; younger ones stay', async () => {
  await look(
    `insert into idempotency_key (workspace_id, principal, field, key, input_hash, created_at)
     select w, 'user:x', 'renameAsset', n::text, '', now() - make_interval(hours => case when n <= 2500 then 25 else 23 end)
     from unnest($1::uuid[]) w, generate_series(1, 2510) n`,
    [workspaces],
  );
  await Promise.all([run('old idempotency keys'), run('old idempotency keys')]);
  await run('old idempotency keys');
  const [row] = await look<{ n: number }>('select count(*)::int as n from idempotency_key');
  expect(row!.n).toBe(10 * workspaces.length);
});

test('events end their replay after the hours that are set', async () => {
  const [workspaceId] = workspaces;
  await look(`insert into stream_head (workspace_id, stream_id, last_seq) values ($1, 'alerts', 3)`, [workspaceId]);
  await look(
    `insert into event (workspace_id, stream_id, seq, event_id, type, payload, at)
     select $1, 'alerts', n, gen_random_uuid(), 'tick', '{}', now() - make_interval(hours => 12 - 4 * n) from generate_series(1, 3) n`,
    [workspaceId],
  );
  const minimum = async () => {
    const [row] = await look<{ min: number }>(`select min_seq::int as min from stream_head where stream_id = 'alerts'`);
    return row!.min;
  };
  await run('old events', 9);
  expect(await minimum()).toBe(1);
  await run('old events', 6);
  expect(await minimum()).toBe(2);
});
