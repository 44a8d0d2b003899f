import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { StoredOperations } from '../src/index.js';
import { RawSocket } from './support/sockets.js';
import { answerOf, post, startTestGateway } from './support/testGateway.js';

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

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const apq = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

const flowById = {
  id: 'f1',
  name: 'FlowById',
  type: 'query',
  body: 'query FlowById($id: ID!) { flow(id: $id) { id name } }',
};

const ticks = {
  id: 'ticks',
  name: 'Ticks',
  type: 'subscription',
  body: 'subscription Ticks { ticks(count: 2) { sequence } }',
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
      { query: '{ whoAmI }', extensions: { persistedQuery: { version: 1, sha256Hash: sha256('{ whoAmI }') } } },
      { extensions: { persistedQuery: { version: 1, sha256Hash: sha256('{ whoAmI }') } } },
    ]) {
      expect((await it.ask(body)).body.errors![0]!.extensions.code).toBe('OPERATION_NOT_STORED');
    }
    expect((await it.ask({ documentId: 'f1', variables: { id: '1' } })).body.errors).toBeUndefined();
    expect(it.graph.calls).toHaveLength(1);
  });

  test('where keys run stored operations only, they run by every protocol, and nothing else does', async () => {
    await using it = await startTestGateway({
      storedOperations: StoredOperations.fromFiles([manifest('a.json', [flowById, ticks])]),
      settings: { keysStoredOnly: true },
    });
    const asKey = { 'x-api-key': 'good-key', accept: 'application/graphql-response+json' };
    const codeOf = ({ body }: { body: { errors?: { extensions: { code: string } }[] } }) =>
      body.errors?.[0]?.extensions.code;
    const free = { query: '{ whoAmI }' };
    expect(codeOf(await post(it.url, free, asKey))).toBe('OPERATION_NOT_STORED');
    expect(codeOf(await post(it.url, free, { ...asKey, 'x-api-key': 'any-key' }))).toBeUndefined();
    expect(codeOf(await it.ask(free))).toBeUndefined();

    const variables = { id: '9' };
    expect(codeOf(await post(it.url, { documentId: 'f1', variables }, asKey))).toBeUndefined();
    expect(codeOf(await post(it.url, { query: flowById.body, variables }, asKey))).toBeUndefined();
    expect(codeOf(await post(it.url, { query: `\n${flowById.body} # mine`, variables }, asKey))).toBeUndefined();
    const other = { query: flowById.body.replace('name', 'name id'), variables };
    expect(codeOf(await post(it.url, other, asKey))).toBe('OPERATION_NOT_STORED');
    const get = await fetch(`${it.url}?documentId=f1&variables={"id":"9"}`, { headers: asKey });
    expect(codeOf(await answerOf(get))).toBeUndefined();
    const events = await fetch(`${it.url}?documentId=ticks`, { headers: { ...asKey, accept: 'text/event-stream' } });
    expect(await events.text()).toContain('"sequence":1');

    const socket = await RawSocket.open(it.wsUrl, { apiKey: 'good-key' });
    socket.subscribe('1', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ticks' } } });
    expect(await socket.next('next', '1')).toMatchObject({ payload: { data: { ticks: { sequence: 1 } } } });
    socket.subscribe('2', free);
    expect(await socket.next('error', '2')).toMatchObject({
      payload: [{ extensions: { code: 'OPERATION_NOT_STORED' } }],
    });
    socket.socket.close();
  });

  test('they may cost what their manifest records, and no more than others without', async () => {
    const body = 'query Page($n: Int!) { page(first: $n) { id } }';
    const operations = StoredOperations.fromFiles([
      manifest('cost.json', [
        { id: 'recorded', body, cost: 40 },
        { id: 'plain', body: `${body} # plain` },
      ]),
    ]);
    await using it = await startTestGateway({ storedOperations: operations, settings: { limits: { cost: 20 } } });
    const costing = async (documentId: string, n: number) =>
      (await it.ask({ documentId, variables: { n } })).body.errors;
    expect(await costing('recorded', 40)).toBeUndefined();
    expect(await costing('recorded', 41)).toMatchObject([{ extensions: { details: { cost: 41, most: 40 } } }]);
    expect(await costing('plain', 20)).toBeUndefined();
    expect(await costing('plain', 21)).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }]);
  });

  test('they may be larger than a document that is sent', async () => {
    await using it = await startTestGateway({ storedOperations: stored });
    expect((await it.ask({ documentId: 'wide' })).body.errors).toBeUndefined();
    expect((await it.ask({ query: `${deep.body} ` })).body.errors![0]!.extensions.code).toBe('OPERATION_TOO_COMPLEX');
  });

  test('clients that try a hash first are told to send the document, in the words that they look for', async () => {
    await using it = await startTestGateway({ storedOperations: stored });
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256('{ whoAmI }') } };
    const { body } = await it.ask({ extensions });
    expect(body.errors).toMatchObject([
      { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
    ]);
    expect((await it.ask({ query: '{ whoAmI }', extensions })).body.errors).toBeUndefined();
  });

  test('an id is taken under every name that clients have for it', async () => {
    const body = '{ flows { id } }';
    const known = StoredOperations.fromFiles([
      manifest('relay.json', JSON.stringify({ [sha256(body)]: body, md5: '{ whoAmI }' })),
    ]);
    await using it = await startTestGateway({ storedOperations: known });
    const id = sha256(body);
    for (const sent of [
      { documentId: id },
      { documentId: `sha256:${id}` },
      { id },
      { doc_id: id },
      { documentId: id, query: body },
    ])
      expect((await it.ask(sent)).body.data).toEqual({ flows: [{ id: '1' }, { id: '2' }] });
    expect((await it.ask({ id: 'md5' })).body.errors).toBeUndefined();
    for (const name of ['documentId', 'id', 'doc_id']) {
      const answer = await fetch(`${it.url}?${name}=${id}`, { headers: { authorization: 'Bearer good' } });
      expect((await answerOf(answer)).body.errors).toBeUndefined();
    }
    const socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer good' });
    socket.subscribe('1', { id });
    expect(await socket.next('next', '1')).toMatchObject({ payload: { data: { flows: [{ id: '1' }, { id: '2' }] } } });
    socket.socket.close();
  });

  test.each([
    ['an id', { documentId: 'f1', query: '{ whoAmI }' }, 'documentId'],
    ['a hash that is stored', { extensions: apq('f1'), query: '{ whoAmI }' }, 'extensions.persistedQuery.sha256Hash'],
    [
      'a hash that is not',
      { extensions: apq('0'.repeat(64)), query: '{ whoAmI }' },
      'extensions.persistedQuery.sha256Hash',
    ],
  ])('a document that comes with %s of another one is refused', async (_what, body, field) => {
    await using it = await startTestGateway({ storedOperations: stored });
    expect((await it.ask(body)).body.errors).toMatchObject([
      { extensions: { code: 'INVALID_INPUT', details: { field } } },
    ]);
    expect(it.graph.calls).toEqual([]);
  });

  test('a manifest that is written while it runs is read when somebody asks for what is new in it', () => {
    const file = manifest('later.json', [flowById]);
    const stored = StoredOperations.fromFiles([file]);
    const later = { id: 'later', body: 'query Later { whoAmI }' };
    manifest('later.json', '{ half of it');
    utimesSync(file, new Date(1_000), new Date(1_000));
    expect(() => stored.resolve({ documentId: 'later' }, true)).toThrow('No stored operation');
    manifest('later.json', [flowById, later]);
    utimesSync(file, new Date(2_000), new Date(2_000));
    // It looks once a second at most.
    expect(() => stored.resolve({ documentId: 'later' }, true)).toThrow('No stored operation');
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1_500);
    try {
      expect(stored.resolve({ documentId: 'later' }, true)).toMatchObject({ query: later.body });
    } finally {
      now.mockRestore();
    }
  });

  test('are listed with their manifest and for whom they are', () => {
    const stored = StoredOperations.fromFiles([manifest('partner.json', [flowById])]);
    stored.addManifest({ page: 'query Page { whoAmI }' }, 'console', 'people');
    expect(stored.list()).toEqual([
      { id: 'page', name: 'Page', body: 'query Page { whoAmI }', cost: null, audience: 'people', manifest: 'console' },
      expect.objectContaining({
        id: flowById.id,
        body: flowById.body,
        audience: 'everybody',
        manifest: 'partner.json',
      }),
    ]);
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
