import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { bulkInsert, Database, sql } from '@tributary/data';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { createNoteTable, NoteRow } from './noteTable.js';

let cluster: TestDatabase;
let database: Database;
const [left, right, without] = [newUuid(), newUuid(), newUuid()];
const notes = Array.from({ length: 300 }, (_, index) => ({
  id: newUuid(),
  body: `${index}, "quoted" {}`,
  labels: [`${index}`],
}));

beforeAll(async () => {
  cluster = await startTestDatabase();
  await createNoteTable(cluster.superuserUrl);
  const admin = new pg.Client({ connectionString: cluster.superuserUrl });
  await admin.connect();
  await admin.query(`insert into workspace (workspace_id, slug, name) values ($1, 'left', 'l'), ($2, 'right', 'r')`, [
    left,
    right,
  ]);
  await admin.end();
  database = await Database.open({
    url: cluster.appUrl,
    entities: [NoteRow],
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
}, 60_000);

afterAll(async () => {
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

function insertNotes(behind?: string) {
  const insert = bulkInsert({
    into: 'note as n',
    entries: notes,
    shared: { version: ['integer', 7] },
    columns: {
      id: { type: 'uuid', of: (note) => note.id },
      body: { type: 'text', of: (note) => note.body },
      labels: { type: 'jsonb', of: (note, index) => (index === 0 ? null : JSON.stringify(note.labels)) },
    },
    orderBy: 'entry.id',
    ...(behind === undefined ? {} : { behind }),
  });
  return database.table(NoteRow).sql('test.insertNotes', insert.text, insert.values);
}

const countNotes = sql('test.countNotes', 'select count(*)::int as n from note where workspace_id = $1');

test('many rows go in with one statement and come back as they were given, for their workspace only', async () => {
  const behind = `on conflict (workspace_id, id) do update set version = n.version + 1
    returning n.workspace_id, n.id, n.body, n.labels, n.version, n.updated_at`;
  const insert = () => database.withWorkspace({ workspaceId: left }, (tx) => tx.query(insertNotes(behind)));
  const stored = await insert();
  const byId = new Map(stored.map((note) => [note.id, note]));
  expect(notes.map(({ id }) => byId.get(id))).toEqual(
    notes.map((note, index) =>
      expect.objectContaining({ ...note, workspaceId: left, version: 7, labels: index === 0 ? null : note.labels }),
    ),
  );
  expect((await insert()).map(({ version }) => version)).toEqual(notes.map(() => 8));
  expect(await database.read({ workspaceId: right }, countNotes)).toEqual([{ n: 0 }]);
});

test('nothing is written for a workspace that has no row', async () => {
  await database.withWorkspace({ workspaceId: without }, (tx) => tx.query(insertNotes()));
  expect(await database.read({ workspaceId: without }, countNotes)).toEqual([{ n: 0 }]);
});
