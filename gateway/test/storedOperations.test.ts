import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { StoredOperations } from '../src/index.js';
import { answerOf, startTestGateway } from './support/testGateway.js';

const folder = mkdtempSync(join(tmpdir(), 'tributary-stored-'));
afterAll(() => rmSync(folder, { recursive: true }));

function manifest(name: string, operations: unknown): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    typeof operations === 'string'
      ? operations
      : JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
  );
  return file;
}

const flowById = {
  id: 'f1',
  name: 'FlowById',
  type: 'query',
  body: 'query FlowById($id: ID!) { flow(id: $id) { id name } }',
};

describe('stored operations', () => {
  const deep = {
    id: 'wide',
    name: 'Wide',
    type: 'query',
    body: `query Wide { flow(id: 1) { ${Array.from({ length: 40 }, (_none, index) => `a${index}: name`).join(' ')} } }`,
  };
  const stored = StoredOperations.fromFiles([manifest('a.json', [flowById]), manifest('b.json', [deep])]);

  test('run by documentId, by Apollo’s hash and by GET', async () => {
    await using it = await startTestGateway({ storedOperations: stored });
    const wanted = { flow: { id: '9', name: 'flow 9' } };
    expect((await it.ask({ documentId: 'f1', variables: { id: '9' } })).body.data).toEqual(wanted);
    expect(
      (await it.ask({ extensions: { persistedQuery: { version: 1, sha256Hash: 'f1' } }, variables: { id: '9' } })).body
        .data,
    ).toEqual(wanted);
    const url = `${it.url}?documentId=f1&variables=${encodeURIComponent('{"id":"9"}')}`;
    expect((await answerOf(await fetch(url, { headers: { authorization: 'Bearer good' } }))).body.data).toEqual(wanted);
  });

  test('an unknown id is OPERATION_NOT_STORED, with 400 where the status tells', async () => {
    await using it = await startTestGateway({ storedOperations: stored });
    const { status, body } = await it.ask({ documentId: 'nope' }, { accept: 'application/graphql-response+json' });
    expect([status, body.errors![0]!.extensions.code]).toEqual([400, 'OPERATION_NOT_STORED']);
  });

  test('where only stored operations are taken, no other document runs', async () => {
    await using it = await startTestGateway({ storedOperations: stored, settings: { storedOperationsOnly: true } });
    for (const body of [
      { query: '{ whoAmI }' },
      { query: '{ whoAmI }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    ]) {
      expect((await it.ask(body)).body.errors![0]!.extensions.code).toBe('OPERATION_NOT_STORED');
    }
    expect((await it.ask({ documentId: 'f1', variables: { id: '1' } })).body.errors).toBeUndefined();
    expect(it.graph.calls).toHaveLength(1);
  });

  test('they may be larger than a document that is sent', async () => {
    await using it = await startTestGateway({ storedOperations: stored });
    expect((await it.ask({ documentId: 'wide' })).body.errors).toBeUndefined();
    expect((await it.ask({ query: deep.body })).body.errors![0]!.extensions.code).toBe('OPERATION_TOO_COMPLEX');
  });

  test('a manifest that cannot be used is named', () => {
    expect(() => StoredOperations.fromFiles([join(folder, 'missing.json')])).toThrow('missing.json');
    expect(() => StoredOperations.fromFiles([manifest('c.json', '{"format":"other"}')])).toThrow(
      'c.json is not a persisted-query manifest',
    );
    expect(() =>
      StoredOperations.fromFiles([
        manifest('d.json', [flowById]),
        manifest('e.json', [{ ...flowById, body: '{ whoAmI }' }]),
      ]),
    ).toThrow('the id f1');
  });
});
