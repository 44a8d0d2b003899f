import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { decodeId } from '@tributary/contracts/ids';
import { countStale, Keyring, rotateColumn } from '@tributary/data/encryption';
import { flowEncryptedColumns } from '@tributary/subgraph-flow';
import { ask, person } from '@tributary/kit/world';
import { discover, flowOf, startFlowWorld, until } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

const key = () => randomBytes(32).toString('base64url');
const canary = 'Zc4n4ry';
let keys = `k1:${key()}`;
const keyring = new Keyring(() => keys);
let world: FlowWorld;
let admin: pg.Client;

beforeAll(async () => {
  world = await startFlowWorld({ keyring });
  await world.startWorker();
  admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

const uuidOf = (id: string) => decodeId(id).uuid;
const source = (rows: number, mark = canary) =>
  ['name,ip,note', `web-1,10.0.0.1,${mark} kept`]
    .concat(Array.from({ length: rows }, (_, row) => `,10.0.${row >> 8}.${row & 255},${mark} ${row}`))
    .join('\n');
const rejectedOf = async (who: ReturnType<typeof person>, id: string): Promise<any[]> =>
  (await flowOf(world, who, id)).discovery.rejectedRows.nodes;

/** Every row of every table, as a dump would hold it. */
async function dump(): Promise<string> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'jobs')`,
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const { rows } = await admin.query<{ line: string }>(`select t::text as line from ${name} t`);
    lines.push(...rows.map((row) => `${name} ${row.line}`));
  }
  return lines.join('\n');
}

test('what a source says is shown to who may see it, and no dump of the database holds it', async () => {
  const ann = person();
  const id = await discover(world, ann, source(3), { requireApproval: true });
  await until(world, ann, id, 'AWAITING_APPROVAL');
  expect((await dump()).split('\n').filter((line) => line.includes(canary))).toEqual([]);
  const other = await discover(world, ann, source(3));
  await until(world, ann, other, 'SUCCEEDED');
  expect((await rejectedOf(ann, other)).map((row) => row.raw.note)).toEqual([
    `${canary} 0`,
    `${canary} 1`,
    `${canary} 2`,
  ]);
  const dumped = await dump();
  expect(dumped).toContain('aes256gcm.k1.');
  expect(dumped.split('\n').filter((line) => line.includes(canary))).toEqual([]);
});

test('personal data in rejected rows is masked for those who may not see it', async () => {
  const ann = person();
  const content = 'name,ip,owner,note\nweb-1,10.0.0.1,Ann Lee,x\n,10.0.0.2,Ann Lee,call ann@x.example';
  const id = await discover(world, ann, content);
  await until(world, ann, id, 'SUCCEEDED');
  const seenAs = async (role: 'OWNER' | 'OPERATOR' | 'VIEWER') => {
    const [row] = await rejectedOf(person(ann.workspaceId, role), id);
    return row.raw;
  };
  const whole = { ip: '10.0.0.2', owner: 'Ann Lee', note: 'call ann@x.example' };
  const masked = { ip: '10.0.0.2', owner: 'A*** L***', note: 'call a***@x.example' };
  expect([await seenAs('OWNER'), await seenAs('OPERATOR'), await seenAs('VIEWER')]).toEqual([whole, masked, masked]);
});

test('a value that was moved to another row is refused with a code, and its content stays hidden', async () => {
  const [ann, eve] = [person(), person()];
  const [mine, foreign] = [await discover(world, ann, source(2)), await discover(world, eve, source(2))];
  await until(world, ann, mine, 'SUCCEEDED');
  await until(world, eve, foreign, 'SUCCEEDED');
  const [to, from] = [uuidOf(foreign), uuidOf(mine)];
  await admin.query(
    `update rejected_row t set raw = s.raw from rejected_row s where t.flow_id = $1 and s.flow_id = $2 and s.line = t.line`,
    [to, from],
  );
  const answer = await ask(
    world,
    eve,
    `query ($id: ID!) { flow(id: $id) { discovery { rejectedRows { nodes { raw } } } } }`,
    {
      id: foreign,
    },
  );
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL_ERROR' });
  expect(JSON.stringify(answer)).not.toContain(canary);
});

test('rows from before encryption are read, and sealed by a rotation', async () => {
  const ann = person();
  const id = await discover(world, ann, source(1));
  await until(world, ann, id, 'SUCCEEDED');
  await admin.query(`update rejected_row set raw = '{"note": "old"}', message = 'An old one.' where flow_id = $1`, [
    uuidOf(id),
  ]);
  expect(await rejectedOf(ann, id)).toMatchObject([{ raw: { note: 'old' }, message: 'An old one.' }]);
  await rotate(ann.workspaceId);
  expect(await dump()).not.toContain('An old one.');
  expect(await rejectedOf(ann, id)).toMatchObject([{ raw: { note: 'old' }, message: 'An old one.' }]);
});

const rotationOf = (workspaceId: string, batch = 20) =>
  flowEncryptedColumns.map((column) => ({
    database: world.database,
    workspaceId,
    column,
    currentPattern: keyring.currentPattern,
    batch,
  }));
async function rotate(workspaceId: string): Promise<number> {
  let done = 0;
  for (const options of rotationOf(workspaceId)) done += await rotateColumn(options);
  return done;
}
async function stale(workspaceId: string): Promise<number> {
  let left = 0;
  for (const options of rotationOf(workspaceId)) left += await countStale(options);
  return left;
}

test('a rotation among readers and writers loses nothing, and leaves nothing of the old key', async () => {
  const ann = person();
  const before = [await discover(world, ann, source(90)), await discover(world, ann, source(90))];
  for (const id of before) await until(world, ann, id, 'SUCCEEDED');
  const added = `k2:${key()}`;
  keys = `${added},${keys}`;
  // Processes look at changed keys every 2 s of use.
  await new Promise((resolve) => setTimeout(resolve, 2_100));

  let reading = true;
  let reads = 0;
  const reader = (async () => {
    while (reading) {
      for (const id of before) expect(await rejectedOf(ann, id)).toHaveLength(90);
      reads += 1;
    }
  })();
  const writer = (async () => {
    const ids = [];
    for (let flow = 0; flow < 3; flow += 1) ids.push(await discover(world, ann, source(30)));
    for (const id of ids) await until(world, ann, id, 'SUCCEEDED');
    return ids;
  })();
  expect(await rotate(ann.workspaceId)).toBeGreaterThanOrEqual(2 * 2 * 90);
  const during = await writer;
  reading = false;
  await reader;
  expect(reads).toBeGreaterThan(0);
  expect(await stale(ann.workspaceId)).toBe(0);

  // The old key is gone for good now.
  keys = added;
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  expect(keyring.currentKeyId).toBe('k2');
  expect(keyring.keyIds).toEqual(['k2']);
  for (const [index, id] of [...before, ...during].entries()) {
    const rows = await rejectedOf(ann, id);
    expect(rows.map((row) => row.raw.note)).toEqual(
      Array.from({ length: index < 2 ? 90 : 30 }, (_, row) => `${canary} ${row}`),
    );
  }
}, 30_000);
