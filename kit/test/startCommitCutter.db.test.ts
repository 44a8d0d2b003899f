import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  eventually,
  startCommitCutter,
  startTestDatabase,
  type CommitCutter,
  type TestDatabase,
} from '../src/index.js';

describe('startCommitCutter', () => {
  let database: TestDatabase;
  let cutter: CommitCutter;
  let direct: pg.Client;
  let client: pg.Client;

  beforeAll(async () => {
    database = await startTestDatabase();
    direct = new pg.Client(database.superuserUrl);
    await direct.connect();
    await direct.query('create table note (text text not null)');
  });

  afterAll(async () => {
    await direct.end();
    await database[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await direct.query('truncate note');
    const url = new URL(database.superuserUrl);
    cutter = await startCommitCutter(Number(url.port));
    url.hostname = '127.0.0.1';
    url.port = String(cutter.port);
    client = new pg.Client(url.href);
    client.on('error', () => undefined);
    await client.connect();
  });

  afterEach(async () => {
    await client.end().catch(() => undefined);
    await cutter.close();
  });

  async function write(text: string): Promise<void> {
    await client.query('begin');
    await client.query('insert into note values ($1)', [text]);
    await client.query('commit');
  }
  const notes = async () =>
    (await direct.query<{ text: string }>('select text from note')).rows.map(({ text }) => text);

  test('passes everything through until it is told to cut', async () => {
    await write('kept');
    expect(await notes()).toEqual(['kept']);
    expect([cutter.commits, cutter.cuts]).toEqual([1, 0]);
  });

  test('afterCommit breaks the connection, and the transaction is there', async () => {
    cutter.decide = () => 'afterCommit';
    await expect(write('unheard')).rejects.toThrow();
    await eventually(async () => expect(await notes()).toEqual(['unheard']));
    expect(cutter.cuts).toBe(1);
  });

  test('beforeCommit breaks the connection, and the transaction is gone', async () => {
    cutter.decide = () => 'beforeCommit';
    await expect(write('lost')).rejects.toThrow();
    const others = `select from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`;
    await eventually(async () => expect((await direct.query(others, [database.name])).rowCount).toBe(0));
    expect(await notes()).toEqual([]);
  });

  test('tells which prepared statements a transaction ran', async () => {
    const seen: (readonly string[])[] = [];
    cutter.decide = (_, statements) => {
      seen.push(statements);
      return 'pass';
    };
    for (const name of ['first', 'second']) {
      await client.query('begin');
      await client.query({ name, text: 'insert into note values ($1)', values: [name] });
      await client.query({ name: 'look', text: 'select * from note', values: [] });
      await client.query('commit');
    }
    expect(seen).toEqual([
      ['first', 'look'],
      ['second', 'look'],
    ]);
  });

  test('leaves transactions that only read alone', async () => {
    cutter.decide = () => 'afterCommit';
    await client.query('begin isolation level repeatable read, read only');
    await client.query('select 1');
    await client.query('commit');
    expect([cutter.commits, cutter.cuts]).toEqual([0, 0]);
  });

  test('a long message in many pieces is no COMMIT, whatever it says', async () => {
    cutter.decide = () => 'afterCommit';
    const long = `commit ${'x'.repeat(300_000)}`;
    await client.query('insert into note values ($1)', [long]);
    expect(await notes()).toEqual([long]);
    expect(cutter.cuts).toBe(0);
  });
});
