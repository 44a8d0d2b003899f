import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import pg from 'pg';

const versionOf = (path: string): unknown =>
  (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { dependencies: Record<string, string> })
    .dependencies['pg'];

test('the version of pg is pinned, since batches with one Sync lean on parts that it does not document', () => {
  expect(versionOf('../package.json')).toMatch(/^\d+\.\d+\.\d+$/);
});

test('every part of pg that such a batch leans on is there', () => {
  const { connection } = new pg.Client() as unknown as { connection: Record<string, unknown> };
  for (const method of ['_send', 'parse', 'bind', 'describe', 'execute', 'sync'])
    expect([method, typeof connection[method]]).toEqual([method, 'function']);
  expect(connection['parsedStatements']).toEqual({});
  expect(typeof (pg as unknown as { utils: Record<string, unknown> }).utils['prepareValue']).toBe('function');
});

test.each([
  '_handleParseComplete',
  '_handleRowDescription',
  '_handleDataRow',
  '_handleCommandComplete',
  '_handleReadyForQuery',
  '_handleErrorMessage',
])('pg’s client hands a query what PostgreSQL says in %s', (method) => {
  const { prototype } = pg.Client as unknown as { prototype: Record<string, unknown> };
  expect(typeof prototype[method]).toBe('function');
});

test('pg’s client takes name and text of the query at ParseComplete, and only classes below its own in pipeline mode', () => {
  const { prototype } = pg.Client as unknown as { prototype: Record<string, () => unknown> };
  const client = {
    _getActiveQuery: () => ({ name: 'n', text: 't' }),
    connection: { parsedStatements: {}, submittedNamedStatements: {} },
  };
  prototype['_handleParseComplete']!.call(client);
  expect(client.connection.parsedStatements).toEqual({ n: 't' });
  expect(String(prototype['query'])).toContain('instanceof Query');
});
