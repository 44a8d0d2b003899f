import { describe, expect, test } from '@jest/globals';
import { owner, post, startTestGateway } from './support/testGateway.js';

const codesOf = (body: { errors?: { path?: unknown; extensions: { code: string } }[] }) =>
  body.errors?.map((error) => [error.path, error.extensions.code]);

describe('who asks', () => {
  test('the principal reaches the subgraph as the identity service gave it', async () => {
    await using it = await startTestGateway();
    const { body } = await it.ask({ query: '{ whoAmI }' });
    expect(JSON.parse(body.data!['whoAmI'] as string)).toEqual(owner);
  });

  test('an API key is taken in its own header', async () => {
    await using it = await startTestGateway();
    const { body } = await post(it.url, { query: '{ whoAmI }' }, { 'x-api-key': 'good-key' });
    expect(JSON.parse(body.data!['whoAmI'] as string)).toMatchObject({ role: 'VIEWER', scopes: ['flow.read'] });
  });

  test('without credentials every root field answers INVALID_CREDENTIALS and no subgraph is asked', async () => {
    await using it = await startTestGateway();
    const { body, status } = await post(it.url, { query: '{ __typename a: whoAmI flow(id: 1) { id } }' });
    expect(status).toBe(200);
    expect(body.data).toEqual({ __typename: 'Query', a: null, flow: null });
    expect(codesOf(body)).toEqual([
      [['a'], 'INVALID_CREDENTIALS'],
      [['flow'], 'INVALID_CREDENTIALS'],
    ]);
    expect(it.graph.calls).toEqual([]);
  });

  test.each([
    ['an expired token', { authorization: 'Bearer expired' }, 'EXPIRED_TOKEN'],
    ['a wrong token', { authorization: 'Bearer wrong' }, 'INVALID_CREDENTIALS'],
    ['an unknown key', { 'x-api-key': 'bad' }, 'INVALID_API_KEY'],
    ['a token and a key at once', { authorization: 'Bearer good', 'x-api-key': 'good-key' }, 'INVALID_CREDENTIALS'],
  ])('%s is refused with its code', async (_title, headers, code) => {
    await using it = await startTestGateway();
    const { body } = await post(it.url, { query: 'mutation { rename(id: 1, name: "x") { id } }' }, headers);
    expect(codesOf(body)).toEqual([[['rename'], code]]);
    expect(it.graph.calls).toEqual([]);
  });

  test('an identity service that fails is SERVICE_UNAVAILABLE, not a way in', async () => {
    await using it = await startTestGateway({
      identity: {
        authenticate: async () => {
          throw new Error('no connection');
        },
      },
    });
    const { body } = await it.ask({ query: '{ whoAmI }' });
    expect(codesOf(body)).toEqual([[['whoAmI'], 'SERVICE_UNAVAILABLE']]);
  });

  test('the schema can be asked for without sign-in where introspection is allowed, and not at all where it is not', async () => {
    await using open = await startTestGateway();
    await using shut = await startTestGateway({ settings: { introspection: false } });
    const query = '{ __schema { queryType { name } } __typename }';
    expect((await post(open.url, { query })).body.data).toEqual({
      __schema: { queryType: { name: 'Query' } },
      __typename: 'Query',
    });
    expect((await shut.ask({ query })).body.errors).toMatchObject([
      { extensions: { code: 'INSUFFICIENT_PERMISSIONS' } },
    ]);
    expect(
      (await shut.ask({ query: '{ ...all } fragment all on Query { __type(name: "Flow") { name } }' })).body.data,
    ).toBeUndefined();
    expect((await post(shut.url, { query: '{ __typename }' })).body.data).toEqual({ __typename: 'Query' });
  });

  test('schema and data in one operation are refused rather than answered by half', async () => {
    await using it = await startTestGateway();
    for (const query of ['{ __schema { queryType { name } } whoAmI }', '{ whoAmI __schema { queryType { name } } }']) {
      expect((await it.ask({ query })).body.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    }
  });
});
