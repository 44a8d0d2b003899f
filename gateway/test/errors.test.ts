import { describe, expect, test } from '@jest/globals';
import { post, startTestGateway } from './support/testGateway.js';

describe('errors through the gateway', () => {
  test('a coded error of a root field keeps code, message and details', async () => {
    await using it = await startTestGateway();
    const { body } = await it.ask({ query: '{ refuse }' }, { 'x-request-id': 'req-1' });
    expect(body.data).toEqual({ refuse: null });
    expect(body.errors).toEqual([
      {
        message: 'It has changed meanwhile.',
        path: ['refuse'],
        extensions: {
          code: 'RESOURCE_CONFLICT',
          details: { reason: 'version' },
          timestamp: expect.stringMatching(/Z$/),
          requestId: 'req-1',
        },
      },
    ]);
  });

  test('a coded error of an entity join keeps code, message and details, and its place', async () => {
    await using it = await startTestGateway();
    const { body } = await it.ask({ query: '{ flows { id assets { title } } }' });
    expect(body.data).toEqual({
      flows: [
        { id: '1', assets: [{ title: 'asset of 1' }] },
        { id: '2', assets: null },
      ],
    });
    expect(body.errors).toMatchObject([
      {
        message: 'The assets of this flow are locked.',
        path: ['flows', 1, 'assets'],
        extensions: { code: 'DATABASE_ERROR', details: { retry: true } },
      },
    ]);
  });

  test('an unknown error tells nothing of itself', async () => {
    await using it = await startTestGateway();
    const { body, text } = await it.ask({ query: '{ crash }' });
    expect(body.errors).toMatchObject([{ path: ['crash'], extensions: { code: 'INTERNAL_ERROR', details: {} } }]);
    expect(body.errors![0]!.message).toMatch(/^Something went wrong/);
    expect(text).not.toContain('canary');
  });

  test('syntax, validation and coercion errors are INVALID_INPUT or MISSING_REQUIRED_FIELD', async () => {
    await using it = await startTestGateway();
    const codeOf = async (query: string, variables?: unknown) =>
      (await it.ask({ query, variables })).body.errors!.map((error) => error.extensions.code);
    expect(await codeOf('{ flow(')).toEqual(['INVALID_INPUT']);
    expect(await codeOf('{ nothing }')).toEqual(['INVALID_INPUT']);
    expect(await codeOf('{ flow { id } }')).toEqual(['MISSING_REQUIRED_FIELD']);
    expect(await codeOf('query($id: ID!) { flow(id: $id) { id } }')).toEqual(['MISSING_REQUIRED_FIELD']);
    expect(await codeOf('query($input: NameInput!) { longName(input: $input) }', { input: {} })).toEqual([
      'MISSING_REQUIRED_FIELD',
    ]);
    expect(
      await codeOf('query($input: NameInput!) { longName(input: $input) }', { input: { name: 'a', size: 'x' } }),
    ).toEqual(['INVALID_INPUT']);
    expect(await codeOf('query A { refuse } query B { crash }')).toEqual(['INVALID_INPUT']);
  });

  test('suggestions are made only where names may be told', async () => {
    await using loud = await startTestGateway();
    await using silent = await startTestGateway({ settings: { suggestions: false } });
    expect((await loud.ask({ query: '{ flowz }' })).text).toContain('Did you mean');
    const { body, text } = await silent.ask({ query: '{ flowz { id } }' });
    expect(body.errors).toHaveLength(1);
    expect(text).not.toContain('Did you mean');
  });

  test('a request id is taken when it is sound, made when it is not, and always echoed', async () => {
    await using it = await startTestGateway();
    expect((await it.ask({ query: '{ whoAmI }' }, { 'x-request-id': 'abc-123' })).headers.get('x-request-id')).toBe(
      'abc-123',
    );
    const made = (await it.ask({ query: '{ whoAmI }' }, { 'x-request-id': 'bad id with spaces' })).headers.get(
      'x-request-id',
    );
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    expect(it.graph.calls.map((call) => call.context.requestId)).toEqual(['abc-123', made]);
  });

  test('errors of HTTP itself have the same shape', async () => {
    await using it = await startTestGateway();
    const { status, body } = await post(it.url.replace('/graphql', '/nothing'), {});
    expect(status).toBe(404);
    expect(body.errors).toMatchObject([{ extensions: { code: 'RESOURCE_NOT_FOUND', details: {} } }]);
  });
});
