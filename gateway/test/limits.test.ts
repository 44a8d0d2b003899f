import { describe, expect, test } from '@jest/globals';
import { startTestGateway } from './support/testGateway.js';

const aliases = (count: number) => Array.from({ length: count }, (_none, index) => `a${index}: name`).join(' ');

describe('limits before execution', () => {
  test.each([
    ['a document of too many tokens', `{ flow(id: 1) { ${'name '.repeat(2_100)} } }`],
    ['5,000 levels', `${'{ flow '.repeat(5_000)}${'}'.repeat(5_000)}`],
    [
      '13 levels',
      `{ __typename ${'... on Query { '.repeat(1)} flow(id: 1) ${'{ assets '.repeat(12)} { id } ${'}'.repeat(12)} }}`,
    ],
    ['31 aliases', `{ flow(id: 1) { ${aliases(31)} } }`],
    [
      'aliases multiplied by fragments',
      `{ flow(id: 1) { ...a ...a ...a ...a } } fragment a on Flow { ${aliases(10)} }`,
    ],
    ['21 root fields', `{ ${Array.from({ length: 21 }, (_none, index) => `f${index}: whoAmI`).join(' ')} }`],
    ['a fragment that spreads itself', '{ flow(id: 1) { ...a } } fragment a on Flow { name ...a }'],
  ])('%s is OPERATION_TOO_COMPLEX', async (_title, query) => {
    await using it = await startTestGateway();
    const { body, status } = await it.ask({ query }, { accept: 'application/graphql-response+json' });
    expect(body.errors![0]!.extensions.code).toBe('OPERATION_TOO_COMPLEX');
    expect(status).toBe(400);
    expect(it.graph.calls).toEqual([]);
  });

  test('fragments that multiply a million times are measured in no time', async () => {
    await using it = await startTestGateway();
    const fragments = Array.from(
      { length: 25 },
      (_none, index) => `fragment f${index} on Flow { ...f${index + 1} ...f${index + 1} }`,
    ).join('\n');
    const started = performance.now();
    const { body } = await it.ask({
      query: `{ flow(id: 1) { ...f0 } }\n${fragments}\nfragment f25 on Flow { a: name }`,
    });
    expect(body.errors![0]!.extensions.code).toBe('OPERATION_TOO_COMPLEX');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('the introspection query of tools passes', async () => {
    await using it = await startTestGateway();
    const { getIntrospectionQuery } = await import('graphql');
    expect((await it.ask({ query: getIntrospectionQuery() })).body.errors).toBeUndefined();
  });

  test('a body over 256 KB is QUOTA_EXCEEDED, announced or not', async () => {
    await using it = await startTestGateway();
    const big = JSON.stringify({ query: '{ whoAmI }', variables: { pad: 'x'.repeat(300_000) } });
    const announced = await it.ask(big);
    expect([announced.status, announced.body.errors![0]!.extensions.code]).toEqual([413, 'QUOTA_EXCEEDED']);
    const chunked = await fetch(it.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit).then(
      (response) => response.status,
      () => 413,
    );
    expect(chunked).toBe(413);
  });

  test('ingest has a larger body, for ingestTraces alone', async () => {
    await using it = await startTestGateway();
    const ingest = { 'x-tributary-ingest': '1' };
    const pad = 'x'.repeat(1_000_000);
    expect(
      (await it.ask({ query: 'mutation { ingestTraces(count: 2) }', variables: { pad } }, ingest)).body.data,
    ).toEqual({ ingestTraces: 2 });
    const refused = await it.ask({ query: '{ whoAmI }' }, ingest);
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
  });

  test('batches are refused', async () => {
    await using it = await startTestGateway();
    const { status, body } = await it.ask([{ query: '{ whoAmI }' }, { query: '{ whoAmI }' }]);
    expect([status, body.errors![0]!.extensions.code]).toEqual([400, 'INVALID_INPUT']);
  });
});
