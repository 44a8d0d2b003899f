import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import { Deadline, newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database, sql, unfilteredSql } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';
import { startTcpProxy, startTestDatabase } from '@tributary/kit';
import { createNoteTable, NoteRow } from './noteTable.js';

let cluster: Awaited<ReturnType<typeof startTestDatabase>>;
let database: Database;
const [left, right] = [newUuid(), newUuid()];
const logger = createLogger({ name: 'test', level: 'silent' });
const countNotes = sql('test.countNotes', 'select count(*)::int as n from note where workspace_id = $1');
const countEverything = unfilteredSql('test.countEverything', 'select count(*)::int as n from note');
const countForeign = unfilteredSql('test.countForeign', 'select count(*)::int as n from note where workspace_id = $1', [
  right,
]);

async function write(workspaceId: string, body: string): Promise<NoteRow> {
  return database.withWorkspace({ workspaceId }, async (tx) => {
    const [row] = await tx.repository(NoteRow).insert('test.insertNote', [{ id: newUuid(), body, labels: ['a', 'b'] }]);
    return row!;
  });
}

beforeAll(async () => {
  cluster = await startTestDatabase();
  await createNoteTable(cluster.superuserUrl);
  database = await Database.open({ url: cluster.appUrl, entities: [NoteRow], logger, poolSize: 4 });
}, 60_000);

afterAll(async () => {
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

test('a row that was written comes back whole, and only to its workspace', async () => {
  const note = await write(left, 'mine');
  expect(note).toMatchObject({ workspaceId: left, body: 'mine', labels: ['a', 'b'], version: 1 });
  const find = (workspaceId: string) =>
    database.read(
      { workspaceId },
      database.table(NoteRow).select('test.findNote', (q) => q.andWhere('row.id = :id', { id: note.id })),
    );
  expect(await find(left)).toEqual([note]);
  expect(await find(right)).toEqual([]);
});

test('row-level security holds also for a statement that forgets the workspace', async () => {
  await write(left, 'one more');
  const [mine] = await database.read({ workspaceId: left }, countNotes);
  const [[all], [foreign]] = await database.readBatch({ workspaceId: left }, [countEverything, countForeign]);
  expect(all).toEqual(mine);
  expect(foreign).toEqual({ n: 0 });
});

test('a row of another workspace cannot be written, nor an own one moved there', async () => {
  const insertForeign = unfilteredSql(
    'test.insertForeign',
    'insert into note (workspace_id, id, body) values ($1, $2, $3)',
    [right, newUuid(), 'x'],
  );
  await expect(database.withWorkspace({ workspaceId: left }, (tx) => tx.query(insertForeign))).rejects.toMatchObject({
    code: 'DATABASE_ERROR',
  });
  const note = await write(left, 'stay');
  const move = unfilteredSql('test.move', 'update note set workspace_id = $1 where id = $2', [right, note.id]);
  await expect(database.withWorkspace({ workspaceId: left }, (tx) => tx.query(move))).rejects.toMatchObject({
    code: 'DATABASE_ERROR',
  });
});

test('the handle is dead after the transaction, so a late statement reaches nobody', async () => {
  let kept: WorkspaceTransaction | undefined;
  await database.withWorkspace({ workspaceId: left }, async (tx) => {
    kept = tx;
    await tx.query(countNotes);
  });
  await expect(kept!.query(countNotes)).rejects.toThrow('has ended');
  expect(() => kept!.repository(NoteRow)).toThrow('has ended');
});

test('a statement that nobody awaited fails the transaction and saves nothing', async () => {
  const id = newUuid();
  const forgetful = database.withWorkspace({ workspaceId: left }, async (tx) => {
    await tx.repository(NoteRow).insert('test.insertNote', [{ id, body: 'lost', labels: null }]);
    tx.query(unfilteredSql('test.sleep', 'select pg_sleep(0.2)')).catch(() => undefined);
  });
  await expect(forgetful).rejects.toThrow('Await every statement');
  const found = await database.read(
    { workspaceId: left },
    database.table(NoteRow).select('test.findNote', (q) => q.andWhere('row.id = :id', { id })),
  );
  expect(found).toEqual([]);
});

test('a domain error rolls back and keeps the connection', async () => {
  const backend = unfilteredSql('test.backend', 'select pg_backend_pid() as pid');
  await using single = await Database.open({ url: cluster.appUrl, entities: [NoteRow], logger, poolSize: 1 });
  const [before] = await single.read({ workspaceId: left }, backend);
  const id = newUuid();
  const refused = single.withWorkspace({ workspaceId: left }, async (tx) => {
    await tx.repository(NoteRow).insert('test.insertNote', [{ id, body: 'never', labels: null }]);
    throw new CodedError('RESOURCE_CONFLICT', 'no');
  });
  await expect(refused).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
  expect(await single.read({ workspaceId: left }, backend)).toEqual([before]);
  const found = await single.read(
    { workspaceId: left },
    single.table(NoteRow).select('test.findNote', (q) => q.andWhere('row.id = :id', { id })),
  );
  expect(found).toEqual([]);
});

test('a deadline that passes ends the wait and destroys the connection', async () => {
  await using single = await Database.open({ url: cluster.appUrl, entities: [NoteRow], logger, poolSize: 1 });
  const backend = unfilteredSql('test.backend', 'select pg_backend_pid() as pid');
  const [before] = await single.read({ workspaceId: left }, backend);
  const slow = single.read(
    { workspaceId: left, deadline: Deadline.in(100) },
    unfilteredSql('test.sleep', 'select pg_sleep(1)'),
  );
  await expect(slow).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(await single.read({ workspaceId: left }, backend)).not.toEqual([before]);
});

test('a statement over its timeout is ended by PostgreSQL', async () => {
  await using impatient = await Database.open({
    url: cluster.appUrl,
    entities: [NoteRow],
    logger,
    poolSize: 1,
    statementTimeoutMs: 100,
  });
  await expect(
    impatient.read({ workspaceId: left }, unfilteredSql('test.sleep', 'select pg_sleep(2)')),
  ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('an update asks for the version, counts it up and moves updated_at', async () => {
  const note = await write(left, 'first');
  const change = (body: string, version: number) =>
    database.withWorkspace({ workspaceId: left }, (tx) =>
      tx.repository(NoteRow).update('test.updateNote', note.id, { body }, { version }),
    );
  const changed = await change('second', 1);
  expect(changed).toMatchObject({ body: 'second', version: 2 });
  expect(changed!.updatedAt.getTime()).toBeGreaterThan(note.updatedAt.getTime());
  expect(await change('third', 1)).toBeNull();
});

test('interleaved work of many workspaces over few connections never sees a foreign row', async () => {
  const workspaces = Array.from({ length: 12 }, () => newUuid());
  await Promise.all(workspaces.map((workspaceId) => write(workspaceId, workspaceId)));
  const rounds = Array.from({ length: 600 }, async (_, index) => {
    const workspaceId = workspaces[index % workspaces.length]!;
    if (index % 7 === 0) {
      await database
        .withWorkspace({ workspaceId }, (tx) => tx.query(unfilteredSql('test.fail', 'select 1 / 0')))
        .catch(() => undefined);
    }
    return (await database.read({ workspaceId }, unfilteredSql('test.bodies', 'select body from note'))).every(
      (row) => row['body'] === workspaceId,
    );
  });
  expect((await Promise.all(rounds)).every(Boolean)).toBe(true);
}, 60_000);

test('a deadline that never comes does not end anything', async () => {
  const answer = await database.read(
    { workspaceId: left, deadline: Deadline.in(Infinity) },
    unfilteredSql('test.sleep', 'select pg_sleep(0.05), 1 as n'),
  );
  expect(answer).toMatchObject([{ n: 1 }]);
});

test('a connection that has gone silent fails its callers within 2 s of the statement timeout, and serves nobody again', async () => {
  const address = new URL(cluster.appUrl);
  await using hop = await startTcpProxy(Number(address.port));
  address.port = String(hop.port);
  await using behind = await Database.open({
    url: address.href,
    entities: [NoteRow],
    logger,
    poolSize: 1,
    statementTimeoutMs: 300,
  });
  const readNotes = () => behind.read({ workspaceId: left }, countNotes);
  const expected = await readNotes();
  hop.stall();
  await expect(readNotes()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await hop.resume();
  expect(await readNotes()).toEqual(expected);
}, 15_000);
