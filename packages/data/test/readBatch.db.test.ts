import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database, heavy, planOnce, sql, unfilteredSql } from '@tributary/data';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { createNoteTable, NoteRow } from './noteTable.js';

let cluster: TestDatabase;
let admin: pg.Client;
let database: Database;
/** Has one connection, so that everything meets what was prepared before. */
let single: Database;
const workspaceId = newUuid();
const scope = { workspaceId };
const names: string[] = [];
/** The same for all statements of one trip, and another for every other. */
const trip = unfilteredSql('test.trip', `select extract(epoch from now())::text || pg_backend_pid() as trip`);
const notes = sql('test.notes', 'select * from note where workspace_id = $1');
const broken = unfilteredSql('test.broken', 'select 1 / (random() * 0)::int');
const tripOf = async (rows: Promise<Record<string, unknown>[]>) => (await rows)[0]!['trip'];

beforeAll(async () => {
  cluster = await startTestDatabase();
  await createNoteTable(cluster.superuserUrl);
  admin = new pg.Client({ connectionString: cluster.superuserUrl });
  await admin.connect();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const options = { url: cluster.appUrl, entities: [NoteRow], logger };
  database = await Database.open({ ...options, onStatement: (name) => void names.push(name) });
  single = await Database.open({ ...options, poolSize: 1 });
  await database.withWorkspace(scope, (tx) =>
    tx.repository(NoteRow).insert('test.insertNote', [{ id: newUuid(), body: 'one', labels: ['a'] }]),
  );
}, 60_000);
afterAll(async () => {
  await database.close();
  await single.close();
  await admin.end();
  await cluster[Symbol.asyncDispose]();
});

test('what an operation reads in one turn is one trip and one snapshot', async () => {
  const operation = {};
  const [one, other, batch] = await Promise.all([
    tripOf(database.read({ ...scope, operation }, trip)),
    tripOf(database.read({ ...scope, operation }, trip)),
    database.readBatch({ ...scope, operation }, [notes, trip]),
  ]);
  expect(other).toBe(one);
  expect(batch[0]).toHaveLength(1);
  expect(batch[1][0]!['trip']).toBe(one);
  expect(await tripOf(database.read({ ...scope, operation }, trip))).not.toBe(one);
});

test('reads of other operations, or without one, go by themselves, also in the same workspace', async () => {
  const trips = await Promise.all(
    [{ operation: {} }, { operation: {} }, {}, {}].map((of) => tripOf(database.read({ ...scope, ...of }, trip))),
  );
  expect(new Set(trips).size).toBe(4);
});

test('one operation object that is used for two workspaces reads each by itself', async () => {
  const operation = {};
  const bound = unfilteredSql('test.bound', `select current_setting('app.workspace_id') as bound`);
  const workspaces = [newUuid(), newUuid(), newUuid()];
  const read = await Promise.all(workspaces.map((id) => database.read({ workspaceId: id, operation }, bound)));
  expect(read.map(([row]) => row!['bound'])).toEqual(workspaces);
});

test('a statement that fails is the failure of who asked it: the others of its trip are asked again', async () => {
  const operation = {};
  const asked = { ...scope, operation };
  const [good, bad, alsoGood] = await Promise.allSettled([
    database.read(asked, notes),
    database.read(asked, broken),
    database.readBatch(asked, [notes, notes]),
  ]);
  expect(good).toMatchObject({ status: 'fulfilled', value: [{ body: 'one' }] });
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'DATABASE_ERROR' } });
  expect(alsoGood).toMatchObject({ status: 'fulfilled', value: [[{ body: 'one' }], [{ body: 'one' }]] });
});

test('what takes too long ends its trip for all, and is not asked again', async () => {
  await using impatient = await Database.open({
    url: cluster.appUrl,
    entities: [],
    logger: createLogger({ name: 'test', level: 'silent' }),
    statementTimeoutMs: 100,
    onStatement: (name) => void names.push(name),
  });
  const operation = {};
  names.length = 0;
  const answers = await Promise.allSettled([
    impatient.read({ ...scope, operation }, notes),
    impatient.read({ ...scope, operation }, unfilteredSql('test.sleep', 'select pg_sleep(2)')),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
  expect(names).toEqual(['test.notes', 'test.sleep']);
});

test('a heavy statement makes a trip of its own, and no trip has more than 16 statements', async () => {
  const asked = { ...scope, operation: {} };
  const [light, weighty] = await Promise.all([
    tripOf(database.read(asked, trip)),
    tripOf(database.read(asked, heavy(trip))),
  ]);
  expect(weighty).not.toBe(light);
  const many = await Promise.all(Array.from({ length: 40 }, () => tripOf(database.read(asked, trip))));
  const sizes = [...new Set(many)].map((each) => many.filter((other) => other === each).length);
  expect(sizes).toEqual([16, 16, 8]);
});

test('a batch can only read: other texts are refused, and PostgreSQL refuses a write inside a SELECT', async () => {
  const remove = sql('test.remove', 'delete from note where workspace_id = $1');
  await expect(database.read(scope, remove)).rejects.toThrow('is no SELECT');
  const hidden = sql(
    'test.hidden',
    'with gone as (delete from note where workspace_id = $1 returning 1 as n) select n from gone',
  );
  await expect(database.read(scope, hidden)).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
  expect(await database.read(scope, notes)).toHaveLength(1);
});

test('a statement behind one that failed was not prepared, and is when it is asked again', async () => {
  const later = sql('test.later', 'select body from note where workspace_id = $1 and id is not null');
  const wrong = unfilteredSql('test.wrong', 'select nothing_of_this_name');
  for (const failing of [broken, wrong, broken]) {
    await expect(single.readBatch(scope, [failing, later])).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await single.read(scope, later)).toEqual([{ body: 'one' }]);
  }
});

test('a statement may stand in a batch more than once, and in transactions as well', async () => {
  const twice = sql('test.twice', 'select body from note where workspace_id = $1 and version > $2', [0]);
  expect(await single.readBatch(scope, [twice, twice])).toEqual([[{ body: 'one' }], [{ body: 'one' }]]);
  expect(await single.withWorkspace(scope, (tx) => tx.query(twice))).toEqual([{ body: 'one' }]);
  expect(await single.readBatch(scope, [twice, notes])).toMatchObject([[{ body: 'one' }], [{ body: 'one' }]]);
});

test('a value that cannot travel fails its caller and leaves the connection sound', async () => {
  const circle: Record<string, unknown> = {};
  circle['itself'] = circle;
  const search = sql('test.json', 'select 1 as n from note where workspace_id = $1 and labels = $2::jsonb', [circle]);
  await expect(single.read(scope, search)).rejects.toThrow('circular');
  expect(await single.read(scope, notes)).toHaveLength(1);
});

test('columns that a migration changed are read anew', async () => {
  const pid = unfilteredSql('test.pid', 'select pg_backend_pid() as pid');
  expect(await single.read(scope, notes)).toHaveLength(1);
  const [before] = await single.read(scope, pid);
  await admin.query('alter table note add column colour text');
  expect(await single.read(scope, notes)).toMatchObject([{ body: 'one', colour: null }]);
  expect(await single.read(scope, pid)).not.toEqual([before]);
});

test('a row reads the same in a batch and in a transaction, whatever its types', async () => {
  const kinds = sql(
    'test.kinds',
    `select 9007199254740991::int8 as "int8", 1.5::numeric as "numeric", date '2026-01-02' as "date", now() as "at",
       '{"a": [1, null]}'::jsonb as "jsonb", array['x', null] as "texts", '\\x00ff'::bytea as "bytes", true as "yes", null::int as "none",
       '"quoted"' as "it's \\ a \`name\`", workspace_id from note where workspace_id = $1 and body = $2`,
    ['one'],
  );
  const [[batch], transaction] = await Promise.all([
    single.read(scope, kinds),
    single.withWorkspace(scope, (tx) => tx.queryOne(kinds)),
  ]);
  expect({ ...batch, at: null }).toEqual({ ...transaction, at: null });
  expect(batch).toMatchObject({
    int8: 9007199254740991,
    numeric: 1.5,
    date: '2026-01-02',
    jsonb: { a: [1, null] },
    texts: ['x', null],
    bytes: Buffer.from([0, 255]),
    yes: true,
    none: null,
  });
  expect(batch!['at']).toBeInstanceOf(Date);
});

test('records of an entity have its properties, built from the row at once or by map', async () => {
  const find = database
    .table(NoteRow)
    .select('test.find', (query) => query.andWhere('row.body = :body', { body: 'one' }));
  const [record] = await database.read(scope, find);
  expect(record).toEqual(await database.withWorkspace(scope, (tx) => tx.queryOne(find)));
  expect(Object.keys(record!)).toEqual(['workspaceId', 'id', 'body', 'labels', 'version', 'updatedAt']);
});

test('the SQL of an entity’s select is asked of TypeORM once for each shape, and each call has its own values', async () => {
  const table = database.table(NoteRow);
  const find = (body: string, version: number) =>
    table.select('test.shape', (query) =>
      query.andWhere('row.version >= :version', { version }).andWhere('row.body = :body', { body }).limit(3),
    );
  expect(find('one', 1).text).toBe(find('two', 2).text);
  expect(find('two', 2).values).toEqual([2, 'two']);
  expect(await database.read(scope, find('one', 1))).toHaveLength(1);
  expect(await database.read(scope, find('two', 1))).toEqual([]);
});

test('the form for Citus binds, reads one snapshot and refuses the same on plain PostgreSQL', async () => {
  await using citus = await Database.open({
    url: cluster.appUrl,
    entities: [NoteRow],
    logger: createLogger({ name: 'test', level: 'silent' }),
    engine: 'citus',
    poolSize: 1,
  });
  const find = citus.table(NoteRow).select('test.find');
  const [[first, second], other] = await Promise.all([
    citus.readBatch(scope, [trip, trip]),
    citus.read({ workspaceId: newUuid() }, find),
  ]);
  expect(first).toEqual(second);
  expect(other).toEqual([]);
  expect(await citus.read(scope, find)).toEqual(await database.read(scope, find));
  await expect(citus.readBatch(scope, [notes, broken])).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
  await expect(citus.read(scope, sql('test.remove', 'delete from note where workspace_id = $1'))).rejects.toThrow(
    'is no SELECT',
  );
  const [written] = await citus.withWorkspace(scope, (tx) =>
    tx.repository(NoteRow).insert('test.insertNote', [{ id: newUuid(), body: 'by Citus', labels: null }]),
  );
  expect(written).toMatchObject({ workspaceId, body: 'by Citus' });
  const hostile = { workspaceId: `${workspaceId}'; select 1; --` };
  await expect(citus.read(hostile, find)).rejects.toThrow('this is none');
  await expect(citus.withWorkspace(hostile, (tx) => tx.query(find))).rejects.toThrow('this is none');
});

test('a statement that is planned once keeps its plan, though its first calls met an empty table', async () => {
  const text = 'select n.id from note n join note o on o.workspace_id = $1 and o.id = n.id where n.workspace_id = $1';
  const often = sql('test.plannedOften', `${text} and n.id = any($2)`, [[newUuid()]]);
  const once = planOnce(sql('test.plannedOnce', `${text} and o.id = any($2)`, [[newUuid()]]));
  const plans = unfilteredSql(
    'test.plansOf',
    `select split_part(name, ':', 1) as name, custom_plans::int as anew from pg_prepared_statements where name like 'test.planned%' order by 1`,
  );
  for (let call = 0; call < 6; call += 1) for (const each of [often, once]) await single.read(scope, each);
  await admin.query(
    `insert into note (workspace_id, id, body, labels) select gen_random_uuid(), gen_random_uuid(), 'much', '[]' from generate_series(1, 20000)`,
  );
  await admin.query('analyze note');
  for (let call = 0; call < 20; call += 1) for (const each of [often, once]) await single.read(scope, each);
  const [anew, kept] = await single.read(scope, plans);
  expect(kept).toEqual({ name: 'test.plannedOnce', anew: 0 });
  expect(Number(anew!['anew'])).toBeGreaterThan(0);
  // Together with others it is planned as PostgreSQL likes.
  await single.readBatch(scope, [once, often]);
});
