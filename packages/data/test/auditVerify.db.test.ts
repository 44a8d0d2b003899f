import type { AuditAction } from '@tributary/contracts/audit';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database } from '@tributary/data';
import { audit, fromLines, readCheckpoints, toLine, verifyAudit, writeCheckpoints } from '@tributary/data/audit';
import type { AuditCheckpoint, TrailReport } from '@tributary/data/audit';
import { startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import type { TestDatabase } from '@tributary/kit';

const { privateKey: signing, publicKey } = generateKeyPairSync('ed25519');
let cluster: TestDatabase;
let database: Database;
let databaseRows: AsyncDisposable;
let admin: pg.Client;
let workspaceId: string;

beforeAll(async () => {
  cluster = await startTestDatabase();
  database = await Database.open({
    url: cluster.appUrl,
    entities: [],
    logger: createLogger({ name: 'test', level: 'silent' }),
    poolSize: 2,
  });
  databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
  admin = new pg.Client({ connectionString: cluster.superuserUrl });
  await admin.connect();
}, 60_000);

afterAll(async () => {
  await admin.end();
  await databaseRows[Symbol.asyncDispose]();
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

beforeEach(async () => {
  workspaceId = newUuid();
  for (let entry = 1; entry <= 10; entry += 1) await act('asset.update', entry);
  // What only a superuser can do, and only like this: triggers are off.
  await admin.query(`set session_replication_role = replica`);
});

afterEach(async () => {
  await admin.query('set session_replication_role = replica');
  await admin.query(`delete from audit_entry; delete from audit_head; delete from jobs.audit_checkpoint`);
  await admin.query(`set session_replication_role = default`);
});

function act(action: AuditAction, change = 0): Promise<void> {
  return database.withWorkspace({ workspaceId }, async (tx) => {
    audit(tx, {
      actor: { kind: 'user', id: newUuid() },
      action,
      entityType: 'Thing',
      entityId: 'thing_1',
      before: { name: 'a', tags: ['ü', '"'], at: new Date(0), nested: { b: 1.5, a: null } },
      after: { name: `b of ${action} ${change}`, cost: 1e21, small: 1e-7 },
      requestId: newUuid(),
    });
  });
}

async function verify(checkpoints: AuditCheckpoint[] = []): Promise<TrailReport> {
  const { trails } = await verifyAudit({ adminUrl: cluster.superuserUrl, keys: [publicKey], checkpoints });
  return trails.find((trail) => trail.workspaceId === workspaceId)!;
}
const faultsOf = async (checkpoints?: AuditCheckpoint[]) =>
  (await verify(checkpoints)).faults.map(({ number, fault }) => [fault, number]);
const sign = () => writeCheckpoints(cluster.workerUrl, signing);
const here = (text: string) => admin.query(text.replaceAll('$W', `workspace_id = '${workspaceId}'`));

/** Makes a trail that is sound in itself out of whatever rows there are: what somebody who knows the scheme would do. */
async function rehashFrom(number: number): Promise<void> {
  const { auditHash, canonicalEntry } = await import('@tributary/data/audit');
  const { rows } = await admin.query(`select * from audit_entry where workspace_id = $1 order by number`, [
    workspaceId,
  ]);
  let hash = Buffer.alloc(0) as Buffer;
  for (const row of rows) {
    if (Number(row.number) >= number) {
      const entry = {
        actor: { kind: row.actor_kind, id: row.actor_id },
        action: row.action,
        entityType: row.entity_type,
        entityId: row.entity_id,
        before: row.before,
        after: row.after,
        requestId: row.request_id,
      };
      hash = auditHash(hash, Number(row.number), canonicalEntry(row.id, row.at, entry));
      await admin.query('update audit_entry set hash = $3 where workspace_id = $1 and number = $2', [
        workspaceId,
        row.number,
        hash,
      ]);
    } else hash = row.hash as Buffer;
  }
  await admin.query('update audit_head set last_number = $2, last_hash = $3 where workspace_id = $1', [
    workspaceId,
    rows.at(-1).number,
    hash,
  ]);
}

describe('a trail that nobody touched', () => {
  test('is whole, signed or not, and its checkpoints survive a file', async () => {
    expect(await verify()).toMatchObject({ entries: 10, signedUpTo: null, faults: [] });
    expect(await sign()).toEqual({ written: 1, broken: [] });
    expect(await sign()).toEqual({ written: 0, broken: [] });
    await act('asset.retire');
    expect(await verify()).toMatchObject({ entries: 11, signedUpTo: 10, faults: [] });
    const kept = await readCheckpoints(cluster.workerUrl);
    expect(fromLines(kept.map((checkpoint) => `${toLine(checkpoint)}\n`).join(''))).toEqual(kept);
    expect(await faultsOf(kept)).toEqual([]);
  });
});

describe('what a superuser changes is found', () => {
  test.each([
    ['actor_kind', `'apiKey'`],
    ['actor_id', `'${newUuid()}'`],
    ['at', `at + interval '1 ms'`],
    ['id', `'${newUuid()}'`],
    ['action', `'thing.other'`],
    ['entity_type', `'Other'`],
    ['entity_id', `'thing_2'`],
    ['before', `null`],
    ['after', `after || '{"name": "c"}'`],
    ['request_id', `'r'`],
    ['hash', `sha256('x')`],
  ])('a changed %s', async (column, value) => {
    await here(`update audit_entry set ${column} = ${value} where $W and number = 5`);
    const found = await faultsOf();
    expect(found[0]).toEqual(['CHANGED', 5]);
    // A changed hash leaves the next entry without what it followed.
    expect(found.slice(1)).toEqual(column === 'hash' ? [['CHANGED', 6]] : []);
  });

  test('every column is covered', async () => {
    const { rows } = await admin.query(
      `select column_name from information_schema.columns where table_name = 'audit_entry' order by 1`,
    );
    expect(rows.map((row) => row.column_name)).toEqual(
      // The last two are told by order and by gaps.
      [
        'action',
        'actor_id',
        'actor_kind',
        'after',
        'at',
        'before',
        'entity_id',
        'entity_type',
        'hash',
        'id',
        'number',
        'request_id',
        'workspace_id',
      ],
    );
  });

  test('a deleted entry in the middle', async () => {
    await here('delete from audit_entry where $W and number = 4');
    expect(await faultsOf()).toEqual([['MISSING', 4]]);
  });

  test('a deleted beginning', async () => {
    await here('delete from audit_entry where $W and number < 4');
    expect(await faultsOf()).toEqual([['MISSING', 1]]);
  });

  test('a deleted tail by the head, and by the checkpoint when the head was set back as well', async () => {
    await sign();
    await here('delete from audit_entry where $W and number > 7');
    expect(await faultsOf()).toEqual([
      ['HEAD_DIFFERS', null],
      ['TAIL_MISSING', 8],
    ]);
    await here(`update audit_head set last_number = 7,
      last_hash = (select hash from audit_entry e where e.workspace_id = audit_head.workspace_id and number = 7) where $W`);
    expect(await faultsOf()).toEqual([['TAIL_MISSING', 8]]);
    expect(await sign()).toEqual({ written: 0, broken: [workspaceId] });
  });

  test('a trail that was deleted whole', async () => {
    await sign();
    await here('delete from audit_entry where $W');
    await here('delete from audit_head where $W');
    expect(await faultsOf()).toEqual([['TAIL_MISSING', 1]]);
  });

  test('two entries that changed places', async () => {
    await here('update audit_entry set number = case number when 3 then -3 else -6 end where $W and number in (3, 6)');
    await here('update audit_entry set number = case number when -3 then 6 else 3 end where $W and number in (-3, -6)');
    expect((await faultsOf()).map(([fault]) => fault)).toContain('CHANGED');
  });

  test('an entry that was put in between, and one before the first', async () => {
    const copy = (to: string) =>
      here(`insert into audit_entry select workspace_id, ${to}, id, at, actor_kind, actor_id, action, entity_type, entity_id,
        before, after, request_id, hash from audit_entry where $W and number = 2`);
    await copy('0');
    expect(await faultsOf()).toEqual([
      ['INSERTED', 0],
      ['CHANGED', 1],
    ]);
    await here('delete from audit_entry where $W and number = 0');
    await here('update audit_entry set number = -number - 1 where $W and number > 5');
    await here('update audit_entry set number = -number where $W and number < 0');
    await copy('6');
    expect((await faultsOf())[0]).toEqual(['CHANGED', 6]);
  });

  test('an entry behind the last', async () => {
    await here(`insert into audit_entry select workspace_id, 11, id, at, actor_kind, actor_id, action, entity_type, entity_id,
      before, after, request_id, hash from audit_entry where $W and number = 10`);
    expect(await faultsOf()).toEqual([
      ['CHANGED', 11],
      ['HEAD_DIFFERS', null],
    ]);
  });

  test('a changed entry whose whole suffix was hashed anew is found by the checkpoint alone', async () => {
    await sign();
    await here(`update audit_entry set action = 'thing.other' where $W and number = 5`);
    await rehashFrom(5);
    expect(await faultsOf()).toEqual([['CHECKPOINT_DIFFERS', 10]]);
    // The next round must not sign what was forged.
    await act('asset.retire');
    expect(await sign()).toEqual({ written: 0, broken: [workspaceId] });
  });

  test('checkpoints that were forged to fit, and checkpoints that are gone, by those kept outside', async () => {
    await sign();
    const kept = await readCheckpoints(cluster.workerUrl);
    await here(`update audit_entry set action = 'thing.other' where $W and number = 5`);
    await rehashFrom(5);
    await here(`update jobs.audit_checkpoint set hash = (select last_hash from audit_head where $W) where $W`);
    expect(await faultsOf()).toEqual([['CHECKPOINT_FORGED', 10]]);
    await here('delete from jobs.audit_checkpoint where $W');
    expect(await faultsOf()).toEqual([]);
    expect(await faultsOf(kept)).toEqual([['CHECKPOINT_DIFFERS', 10]]);
  });
});

describe('role app', () => {
  const refused = async (text: string, url = cluster.appUrl) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('app.workspace_id', $1, true)`, [workspaceId]);
      return await client.query(text).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
    } finally {
      await client.end();
    }
  };

  test.each([
    `update audit_entry set action = 'x'`,
    'delete from audit_entry',
    'truncate audit_entry',
    'select * from jobs.audit_checkpoint',
    'delete from jobs.audit_checkpoint',
    `select * from lookup.audit_heads('00000000-0000-0000-0000-000000000000', 10)`,
    `select lookup.audit_hash_at('00000000-0000-0000-0000-000000000000', 1)`,
  ])('may not %s', async (text) => {
    expect(await refused(text)).toBe('42501');
  });

  test('worker sees heads and hashes, and nothing of what was done', async () => {
    expect(await refused('select action from audit_entry', cluster.workerUrl)).toBe('42501');
    expect(await refused('delete from audit_entry', cluster.workerUrl)).toBe('42501');
  });

  test('not even the owner of the table changes an entry', async () => {
    await admin.query('set session_replication_role = default');
    await expect(admin.query('delete from audit_entry')).rejects.toMatchObject({ code: '42501' });
  });
});

test('a long trail is read a page at a time, with little memory', async () => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  await admin.query(
    `insert into audit_entry select $1, n, gen_random_uuid(), now(), 'system', 'test', 'thing.bulk', 'Thing', 't', null,
       jsonb_build_object('padding', repeat('x', 500)), 'r', $2 from generate_series(11, 20000) n`,
    [workspaceId, digest('x')],
  );
  const { entries, faults } = await verify();
  expect(entries).toBe(20_000);
  // Faults are kept up to a number as well.
  expect(faults).toHaveLength(100);
});
