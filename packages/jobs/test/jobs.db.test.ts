import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Database } from '@tributary/data';
import { defineJob, enqueue, installJobs, JobWorker } from '@tributary/jobs';
import type { Delivery, HandledJob } from '@tributary/jobs';
import { newUuid } from '@tributary/kernel';
import { eventually, startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { createLogger } from '@tributary/observability';
import pg from 'pg';
import { z } from 'zod';

const logger = createLogger({ name: 'test', level: 'silent' });
const note = defineJob({
  name: 'test.note',
  runs: 'reactions',
  payload: z.object({ text: z.string() }),
  maxAttempts: 3,
});
const opened = new AsyncDisposableStack();
let facts: TestDatabase;
let database: Database;
let workspaceId: string;

beforeAll(async () => {
  facts = opened.use(await startTestDatabase());
  await installJobs(facts.workerUrl, [note.name]);
  database = opened.use(await Database.open({ url: facts.appUrl, entities: [], logger }));
});
afterAll(() => opened.disposeAsync());
beforeEach(() => {
  workspaceId = newUuid();
});

async function as<Row extends object>(url: string, text: string, values?: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

const put = (text: string, key?: string, of = workspaceId) =>
  database.withWorkspace({ workspaceId: of }, (transaction) =>
    enqueue(transaction, note, { text }, key === undefined ? {} : { key }),
  );

/** Runs notes until the test is over. */
function noting(handle?: (text: string, delivery: Delivery) => Promise<void>) {
  const done: string[] = [];
  const job: HandledJob<{ text: string }> = {
    job: note,
    handle: async ({ text }, delivery) => {
      await handle?.(text, delivery);
      if (delivery.workspaceId === workspaceId) done.push(text);
    },
  };
  const jobs = [job as unknown as HandledJob];
  const worker = new JobWorker({ workerUrl: facts.workerUrl, jobs, logger, pollEveryMs: 50 });
  return { done, worker };
}

test('a job is there once its transaction is, and never when that rolls back', async () => {
  const { done, worker } = noting();
  await using running = worker;
  await running.start();
  await expect(
    database.withWorkspace({ workspaceId }, async (transaction) => {
      await enqueue(transaction, note, { text: 'undone' });
      throw new Error('roll back');
    }),
  ).rejects.toThrow('roll back');
  await put('kept');
  await eventually(() => expect(done).toEqual(['kept']));
});

test('a job belongs to the workspace of its transaction, whatever its payload says', async () => {
  const payload = JSON.stringify({ text: 'mine', workspaceId: newUuid() });
  await as(
    facts.appUrl,
    `begin; select set_config('app.workspace_id', '${workspaceId}', true);
     select jobs.enqueue('test.note', '${payload}', 3, null, null); commit`,
  );
  const { done, worker } = noting();
  await using running = worker;
  await running.start();
  await eventually(() => expect(done).toEqual(['mine']));
});

test('a job is refused without a workspace, and under a name that is not registered', async () => {
  const call = (name: string) => `select jobs.enqueue('${name}', '{}', 1, null, null)`;
  await expect(as(facts.appUrl, call('test.note'))).rejects.toThrow('no workspace is bound');
  await expect(
    as(facts.appUrl, `begin; select set_config('app.workspace_id', '${workspaceId}', true); ${call('test.unheard')}`),
  ).rejects.toThrow('no job is called test.unheard');
});

test('a job replaces the one that waits under its key, in its own workspace only', async () => {
  const other = newUuid();
  await put('first', 'k');
  await put('of another', 'k', other);
  await put('second', 'k');
  const rows = await as<{ payload: { text: string } }>(
    facts.superuserUrl,
    `select payload from jobs._private_jobs where payload ->> 'workspaceId' = any ($1) order by payload ->> 'text'`,
    [[workspaceId, other]],
  );
  expect(rows.map(({ payload }) => payload.text)).toEqual(['of another', 'second']);
});

test('a job comes again when it failed, and says for which time', async () => {
  const attempts: number[] = [];
  const { done, worker } = noting((text, { attempt }) => {
    if (text !== 'twice') return Promise.resolve();
    attempts.push(attempt);
    return attempt === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve();
  });
  await using running = worker;
  await running.start();
  await put('twice');
  await eventually(() => expect(done).toEqual(['twice']), { timeoutMs: 15_000 });
  expect(attempts).toEqual([1, 2]);
}, 20_000);

test('a payload of another form is not enqueued', async () => {
  await expect(
    database.withWorkspace({ workspaceId }, (transaction) => enqueue(transaction, note, { text: 7 } as never)),
  ).rejects.toThrow();
});
