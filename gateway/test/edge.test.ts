import { ContextVerifier, contextHeader } from '@tributary/auth';
import { describe, expect, test } from '@jest/globals';
import { secrets } from './support/cluster.js';
import { startEdge } from './support/edge.js';
import { owner, post } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };

describe('an edge in front of another router', () => {
  test('passes an operation on with a context for the supergraph, and without the caller’s credentials', async () => {
    await using it = await startEdge(() => ({ data: { whoAmI: 'me' } }));
    const { body } = await post(
      it.url,
      { query: 'query($n: Int) { whoAmI }', variables: { n: 1 } },
      { ...signedIn, 'x-request-id': 'r-1', [contextHeader]: 'forged' },
    );
    expect(body).toEqual({ data: { whoAmI: 'me' } });
    const [request] = it.received;
    expect(request!.body).toEqual({ query: 'query($n: Int) { whoAmI }', variables: { n: 1 } });
    expect(request!.headers.authorization).toBeUndefined();
    const verifier = new ContextVerifier({ secrets, acceptUnboundContext: true });
    expect(
      verifier.verify(request!.headers[contextHeader] as string, { audience: 'flow', bodySha256: 'whatever' }),
    ).toEqual({ principal: owner, requestId: 'r-1' });
  });

  test('finds stored operations, keeps the limits, and signs in, before the router is asked', async () => {
    await using it = await startEdge(() => ({ data: { whoAmI: 'me' } }));
    expect((await post(it.url, { documentId: 'one' }, signedIn)).body.data).toEqual({ whoAmI: 'me' });
    const codeOf = async (body: unknown, headers: Record<string, string>) =>
      (await post(it.url, body, headers)).body.errors![0]!.extensions.code;
    expect(await codeOf({ documentId: 'two' }, signedIn)).toBe('OPERATION_NOT_STORED');
    expect(await codeOf({ query: '{ whoAmI }' }, {})).toBe('INVALID_CREDENTIALS');
    expect(await codeOf({ query: '{ whoAmI }' }, { authorization: 'Bearer expired' })).toBe('EXPIRED_TOKEN');
    expect(await codeOf({ query: '{' }, signedIn)).toBe('INVALID_INPUT');
    expect(await codeOf({ query: '{ __schema { queryType { name } } }' }, signedIn)).toBe('INSUFFICIENT_PERMISSIONS');
    expect(
      await codeOf(
        { query: `{ ${Array.from({ length: 21 }, (_none, index) => `f${index}: whoAmI`).join(' ')} }` },
        signedIn,
      ),
    ).toBe('OPERATION_TOO_COMPLEX');
    expect(it.received).toHaveLength(1);
  });

  test('brings the router’s own errors into our form, and lets codes of subgraphs pass', async () => {
    await using it = await startEdge(() => ({
      data: null,
      errors: [
        { message: 'bad', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
        {
          message: 'HTTP fetch failed from flow: http://10.0.0.1',
          path: ['flow'],
          extensions: { code: 'SUBREQUEST_HTTP_ERROR' },
        },
        { message: 'It has changed.', path: ['x'], extensions: { code: 'RESOURCE_CONFLICT', details: { a: 1 } } },
        { message: 'panic', extensions: { code: 'WHATEVER' } },
      ],
    }));
    const { body } = await post(it.url, { query: '{ whoAmI }' }, signedIn);
    expect(body.errors!.map((error) => [error.extensions.code, error.extensions.details, error.path])).toEqual([
      ['INVALID_INPUT', {}, undefined],
      ['SERVICE_UNAVAILABLE', {}, ['flow']],
      ['RESOURCE_CONFLICT', { a: 1 }, ['x']],
      ['INTERNAL_ERROR', {}, undefined],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/10\.0\.0\.1|panic/);
  });
});
