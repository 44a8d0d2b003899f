import { ContextVerifier, contextHeader } from '@tributary/auth';
import { describe, expect, test } from '@jest/globals';
import { secrets } from './support/cluster.js';
import { startEdge } from './support/edge.js';
import { TestGraph } from './support/graph.js';
import { owner, post } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };

describe('an edge in front of another router', () => {
  test('passes an operation on with a context for the supergraph, and without the caller’s credentials', async () => {
    await using it = await startEdge(() => ({ data: { whoAmI: 'me' } }));
    const { body } = await post(
      it.url,
      { query: 'query($yes: Boolean!) { whoAmI @include(if: $yes) }', variables: { yes: true } },
      { ...signedIn, 'x-request-id': 'r-1', [contextHeader]: 'forged' },
    );
    expect(body).toEqual({ data: { whoAmI: 'me' } });
    const [request] = it.received;
    expect(request!.body).toEqual({
      query: 'query($yes: Boolean!) { whoAmI @include(if: $yes) }',
      variables: { yes: true },
    });
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

  test.each([
    [
      'Hive Router',
      {
        message: 'Unexpected error',
        extensions: { code: 'SUBGRAPH_REQUEST_FAILURE', serviceName: 'metrics', affectedPath: 'flow.assets.@.metrics' },
      },
    ],
    ['Cosmo', { message: "Failed to fetch from Subgraph 'metrics' at Path 'b'.", path: ['flow', 'assets'] }],
    [
      'Apollo Router',
      {
        message: 'HTTP fetch failed from metrics',
        path: ['flow', 'assets'],
        extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'metrics' },
      },
    ],
  ])('says which part is not reachable where %s says it in its own words', async (_router, error) => {
    await using it = await startEdge(() => ({ data: null, errors: [error] }));
    const { body } = await post(it.url, { query: '{ whoAmI }' }, signedIn);
    expect(body).toMatchObject({
      errors: [
        {
          message: 'A part of the system is not reachable. Try again.',
          path: ['flow', 'assets'],
          extensions: { code: 'SERVICE_UNAVAILABLE', details: { subgraph: 'metrics', reason: 'unreachable' } },
        },
      ],
      extensions: { degraded: [{ subgraph: 'metrics', reason: 'unreachable', retryAfterSeconds: 1 }] },
    });
  });

  test('answers a refusal with the status that the gateway gives it: 200 for plain JSON', async () => {
    await using it = await startEdge(() => ({ data: null }));
    const statusFor = async (accept: string) =>
      (await post(it.url, { query: '{ nothingOfThatName }' }, { ...signedIn, accept })).status;
    expect(await statusFor('application/json')).toBe(200);
    expect(await statusFor('application/graphql-response+json')).toBe(400);
  });

  test('refuses an operation that is not valid as the gateway does, whatever the router would say', async () => {
    await using it = await startEdge(() => ({ errors: [{ message: 'not seen' }] }));
    const refused = async (query: string, variables = {}) =>
      (await post(it.url, { query, variables }, signedIn)).body.errors![0]!;
    expect(await refused('{ nothingOfThatName }')).toMatchObject({
      message: 'Cannot query field "nothingOfThatName" on type "Query".',
      extensions: { code: 'INVALID_INPUT' },
    });
    const conditional = 'query($yes: Boolean!) { whoAmI @include(if: $yes) }';
    expect((await refused(conditional)).extensions.code).toBe('MISSING_REQUIRED_FIELD');
    expect((await refused(conditional, { yes: 'perhaps' })).extensions.code).toBe('INVALID_INPUT');
    expect(it.received).toEqual([]);
  });

  test('counts its operations by kind and by how they went', async () => {
    await using it = await startEdge(({ query }) =>
      query.includes('whoAmI') ? { data: { whoAmI: 'me' } } : { errors: [{ message: 'panic' }] },
    );
    const counted = async (labels: string) =>
      Number(
        new RegExp(`tributary_gateway_operation_seconds_count\\{${labels}\\} (\\d+)`).exec(
          await (await fetch(new URL('/metrics', it.url))).text(),
        )?.[1] ?? 0,
      );
    const went = async () => ({
      well: await counted('operation="query",outcome="result"'),
      failed: await counted('operation="query",outcome="failed"'),
      refused: await counted('operation="none",outcome="refused"'),
    });
    const before = await went();
    await post(it.url, { query: '{ whoAmI }' }, signedIn);
    await post(it.url, { query: '{ __typename }' }, signedIn);
    await post(it.url, { query: '{' }, signedIn);
    expect(await went()).toEqual({ well: before.well + 1, failed: before.failed + 1, refused: before.refused + 1 });
  });

  test('judges operations by a new supergraph once it is given one, and keeps the one that it has where that cannot be read', async () => {
    await using it = await startEdge(() => ({ data: { added: 'yes' } }));
    const ask = async () => (await post(it.url, { query: '{ added }' }, signedIn)).body;
    expect((await ask()).errors![0]!.extensions.code).toBe('INVALID_INPUT');
    const { supergraphSdl } = new TestGraph();
    const grown = supergraphSdl.replace(
      /type Query([^{]*)\{/,
      'type Query$1{\n  added: String @join__field(graph: FLOW)',
    );
    await it.edge.serveSupergraph(grown);
    expect(await ask()).toEqual({ data: { added: 'yes' } });
    await expect(it.edge.serveSupergraph('type {')).rejects.toThrow();
    expect(await ask()).toEqual({ data: { added: 'yes' } });
    await it.edge.serveSupergraph(supergraphSdl);
    expect((await ask()).errors![0]!.extensions.code).toBe('INVALID_INPUT');
  });
});
