import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Deadline, newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database, mutate, sql } from '@tributary/data';
import { audit, auditHash, canonicalEntry } from '@tributary/data/audit';
import type { AuditEntry } from '@tributary/data/audit';
import { startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import { createNoteTable, NoteRow } from './noteTable.js';

let cluster: Awaited<ReturnType<typeof startTestDatabase>>;
let database: Database;
let databaseRows: AsyncDisposable;
const workspaceId = newUuid();
const userId = newUuid();

beforeAll(async () => {
  cluster = await startTestDatabase();
  await createNoteTable(cluster.superuserUrl);
  database = await Database.open({
    url: cluster.appUrl,
    entities: [NoteRow],
    logger: createLogger({ name: 'test', level: 'silent' }),
    poolSize: 10,
  });
  databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
}, 60_000);

afterAll(async () => {
  await databaseRows[Symbol.asyncDispose]();
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

function request(): RequestContext {
  return {
    principal: { workspaceId, actor: { kind: 'user', id: userId }, role: 'OWNER', scopes: null },
    requestId: newUuid(),
    deadline: Deadline.in(10_000),
  };
}

function writeNote(input: { body: string; idempotencyKey?: string }, fail = false): Promise<NoteRow> {
  return mutate(database, request(), { field: 'writeNote', input }, async (tx) => {
    const [row] = await tx
      .repository(NoteRow)
      .insert('test.insertNote', [{ id: newUuid(), body: input.body, labels: null }]);
    if (fail) throw new Error('broken');
    return row!;
  });
}

const count = async (body: string) =>
  Number(
    (
      await database.read(
        { workspaceId },
        sql('test.count', 'select count(*) as n from note where workspace_id = $1 and body = $2', [body]),
      )
    )[0]!['n'],
  );

test('a repeated key does nothing and answers what the first call answered, dates included', async () => {
  const first = await writeNote({ body: 'once', idempotencyKey: 'k1' });
  const second = await writeNote({ body: 'once', idempotencyKey: 'k1' });
  expect(second).toEqual(first);
  expect(second.updatedAt).toBeInstanceOf(Date);
  expect(await count('once')).toBe(1);
});

test('a key with another input is refused', async () => {
  await writeNote({ body: 'this', idempotencyKey: 'k2' });
  await expect(writeNote({ body: 'that', idempotencyKey: 'k2' })).rejects.toMatchObject({
    code: 'RESOURCE_CONFLICT',
    details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
  });
});

test('a failure records nothing, so the key can be used again', async () => {
  await expect(writeNote({ body: 'retry', idempotencyKey: 'k3' }, true)).rejects.toThrow('broken');
  await writeNote({ body: 'retry', idempotencyKey: 'k3' });
  expect(await count('retry')).toBe(1);
});

test('fifty callers with one key at once make one row and get one answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => writeNote({ body: 'race', idempotencyKey: 'k4' })),
  );
  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
  expect(await count('race')).toBe(1);
});

test('without a key every call counts', async () => {
  await writeNote({ body: 'many' });
  await writeNote({ body: 'many' });
  expect(await count('many')).toBe(2);
});

test('audit entries are numbered without a gap and chained, whatever rolls back between them', async () => {
  const entry = (after: object): AuditEntry => ({
    actor: { kind: 'user', id: userId },
    action: 'asset.update',
    entityType: 'Note',
    entityId: 'note',
    before: null,
    after: { ...after },
    requestId: 'r1',
  });
  const write = (n: number) =>
    database
      .withWorkspace({ workspaceId }, async (tx) => {
        audit(tx, entry({ n }));
        if (n % 3 === 0) throw new Error('rolled back');
        await Promise.resolve();
      })
      .catch(() => undefined);
  await Promise.all(Array.from({ length: 20 }, (_, n) => write(n)));
  const rows = await database.read(
    { workspaceId },
    sql('test.trail', 'select * from audit_entry where workspace_id = $1 order by number'),
  );
  expect(rows.map((row) => row['number'])).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  let previous: Buffer = Buffer.alloc(0);
  for (const row of rows) {
    const canonical = canonicalEntry(row['id'] as string, row['at'] as Date, entry(row['after'] as object));
    const hash = auditHash(previous, row['number'] as number, canonical);
    expect(hash.equals(row['hash'] as Buffer)).toBe(true);
    previous = hash;
  }
});

test('role app cannot change or delete the audit trail', async () => {
  for (const text of [
    'update audit_entry set action = $2 where workspace_id = $1',
    'delete from audit_entry where workspace_id = $1 and action = $2',
  ]) {
    const attempt = database.withWorkspace({ workspaceId }, (tx) => tx.query(sql('test.tamper', text, ['x'])));
    await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
  }
});
