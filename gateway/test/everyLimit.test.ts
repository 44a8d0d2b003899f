import { describe, expect, test } from '@jest/globals';
import { defaultSettings, type OperationLimits } from '../src/index.js';
import { startEdge } from './support/edge.js';
import { post, startTestGateway } from './support/testGateway.js';

const { limits } = defaultSettings;
const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_none, n) => make(n)).join(' ');
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
const withVariables = (variables: Record<string, unknown>) => ({ query: '{ whoAmI }', variables });
const stored = (declared: string, args: string, variables: Record<string, unknown>) => ({
  query: `mutation ${declared && `(${declared})`} { store(${args}) }`,
  variables,
});
/** A body of exactly so many bytes. */
const sized = (bytes: number, query: string) => {
  const text = JSON.stringify({ query, variables: { pad: '' } });
  return text.replace('"pad":""', `"pad":"${'x'.repeat(bytes - text.length)}"`);
};
const tenfold =
  'fragment a on Flow { id name } fragment b on Flow { ...a ...a ...a ...a ...a ...a ...a ...a ...a ...a } fragment c on Flow { ...b ...b ...b ...b ...b ...b ...b ...b ...b ...b }';

interface Row {
  readonly limit: keyof OperationLimits | 'maxItems' | 'batching';
  readonly most: number;
  readonly code: string;
  /** A request that has `size` of what is limited. */
  readonly of: (size: number) => unknown;
  readonly headers?: Record<string, string>;
}

const tooComplex = 'OPERATION_TOO_COMPLEX';
const rows: readonly Row[] = [
  { limit: 'bodyBytes', most: 256 * 1024, code: 'QUOTA_EXCEEDED', of: (bytes) => sized(bytes, '{ whoAmI }') },
  {
    limit: 'ingestBodyBytes',
    most: 4 * 1024 * 1024,
    code: 'QUOTA_EXCEEDED',
    of: (bytes) => sized(bytes, 'mutation { ingestTraces(count: 1) }'),
    headers: { 'x-tributary-ingest': '1' },
  },
  {
    limit: 'tokens',
    most: 2_000,
    code: tooComplex,
    // Five tokens each; what is over is one operation more.
    of: (tokens) => ({ query: repeat(Math.ceil(tokens / 5), (n) => `query q${n} { whoAmI }`), operationName: 'q0' }),
  },
  {
    limit: 'depth',
    most: 12,
    code: tooComplex,
    of: (depth) => ({ query: `{ flow(id: 1) { ${'parent { '.repeat(depth - 2)} id ${'}'.repeat(depth)}` }),
  },
  {
    limit: 'aliases',
    most: 30,
    code: tooComplex,
    of: (n) => ({ query: `{ flow(id: 1) { ${repeat(n, (a) => `a${a}: name`)} } }` }),
  },
  {
    limit: 'rootFields',
    most: 20,
    code: tooComplex,
    of: (n) => ({ query: `{ ${repeat(n, (a) => `a${a}: whoAmI`)} }` }),
  },
  {
    limit: 'fields',
    most: 2_000,
    code: tooComplex,
    of: (n) => ({
      query: `{ flow(id: 1) { ${'...c '.repeat(9)} ${'...b '.repeat(9)} ${'...a '.repeat(9)} id ${n > 2_000 ? 'name' : ''} } } ${tenfold}`,
    }),
  },
  {
    limit: 'repeatedFields',
    most: 100,
    code: tooComplex,
    of: (n) => ({ query: `{ flow(id: 1) { name ${'name '.repeat(n)} } }` }),
  },
  {
    limit: 'fragments',
    most: 100,
    code: tooComplex,
    of: (n) => ({
      query: `{ flow(id: 1) { ${repeat(n, (f) => `...f${f}`)} } } ${repeat(n, (f) => `fragment f${f} on Flow { id }`)}`,
    }),
  },
  {
    limit: 'directives',
    most: 50,
    code: tooComplex,
    of: (n) => ({ query: `{ flow(id: 1) { ${repeat(n, () => '... @include(if: true) { name }')} } }` }),
  },
  {
    limit: 'listItems',
    most: 250,
    code: 'INVALID_INPUT',
    of: (n) => withVariables({ pad: { ids: Array(n).fill(1) } }),
  },
  { limit: 'listItems', most: 250, code: 'INVALID_INPUT', of: (n) => ({ query: `{ sum(of: [${'1 '.repeat(n)}]) }` }) },
  {
    limit: 'maxItems',
    most: 1_000,
    code: 'INVALID_INPUT',
    of: (n) => stored('$input: StoreInput!', 'input: $input', { input: { rows: Array(n).fill({}) } }),
  },
  {
    limit: 'maxItems',
    most: 1_000,
    code: 'INVALID_INPUT',
    of: (n) => stored('$rows: [RowInput!]', 'input: { rows: $rows }', { rows: Array(n).fill({}) }),
  },
  {
    limit: 'maxItems',
    most: 3,
    code: 'INVALID_INPUT',
    of: (n) => stored('', `input: {}, ids: [${'"1" '.repeat(n)}]`, {}),
  },
  {
    limit: 'maxItems',
    most: 3,
    code: 'INVALID_INPUT',
    of: (n) => stored('$ids: [ID!]', 'input: {}, ids: $ids', { ids: Array(n).fill('1') }),
  },
  {
    limit: 'maxItems',
    most: 2,
    code: 'INVALID_INPUT',
    of: (n) => stored('$input: StoreInput!', 'input: $input', { input: { rows: [{ cells: Array(n).fill(1) }] } }),
  },
  {
    limit: 'listItems',
    most: 250,
    code: 'INVALID_INPUT',
    of: (n) => stored('$tags: [String!]', 'input: { tags: $tags }', { tags: Array(n).fill('a') }),
  },
  { limit: 'inputDepth', most: 20, code: 'INVALID_INPUT', of: (levels) => withVariables({ pad: nested(levels) }) },
  { limit: 'cost', most: 10_000, code: tooComplex, of: (cost) => ({ query: `{ page(first: ${cost}) { id } }` }) },
  {
    limit: 'cost',
    most: 10_000,
    code: tooComplex,
    of: (cost) => ({ query: 'query ($n: Int!) { page(first: $n) { id } }', variables: { n: cost } }),
  },
  {
    limit: 'batching',
    most: 0,
    code: 'INVALID_INPUT',
    of: (size) => (size === 0 ? { query: '{ whoAmI }' } : [{ query: '{ whoAmI }' }]),
  },
];

const doors = [
  ['the gateway', () => startTestGateway()],
  ['an edge', () => startEdge(() => ({ data: { whoAmI: 'me' } }))],
] as const;

describe.each(doors)('at %s', (_door, start) => {
  test.each(rows)('$limit: $most pass, one more is $code', async ({ limit, most, code, of, headers }) => {
    if (limit in limits) expect(limits[limit as keyof OperationLimits]).toBe(most);
    await using it = await start();
    const send = { authorization: 'Bearer good', accept: 'application/graphql-response+json', ...headers };
    const passed = await post(it.url, of(most), send);
    expect([passed.status, passed.body.errors]).toEqual([200, undefined]);
    const refused = await post(it.url, of(most + 1), send);
    expect(refused.body.errors).toMatchObject([{ extensions: { code } }]);
    expect(refused.status).toBe(code === 'QUOTA_EXCEEDED' ? 413 : 400);
  });

  test.each([
    [
      'as a variable',
      { query: '{ whoAmI }', variables: JSON.parse('{"pad":{"__proto__":{"role":"OWNER"}}}') as object },
    ],
    [
      'as a variable’s constructor',
      { query: '{ whoAmI }', variables: { pad: { constructor: { prototype: { role: 'OWNER' } } } } },
    ],
    ['in a document', { query: '{ longName(input: { __proto__: { role: "OWNER" } }) }' }],
    ['in a document, as a constructor', { query: '{ longName(input: { constructor: { prototype: 1 } }) }' }],
  ])('a name that reaches into a prototype, %s, is INVALID_INPUT', async (_title, body) => {
    await using it = await start();
    const { body: answer } = await post(it.url, body, { authorization: 'Bearer good' });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
  });
});

test('what is too dear says what it costs, and where most of it goes', async () => {
  await using it = await startTestGateway({ settings: { limits: { cost: 50 } } });
  const { body } = await it.ask({ query: '{ whoAmI flow(id: 1) { id } page(first: 30) { assets { id } } }' });
  expect(body.errors).toMatchObject([
    {
      extensions: {
        code: 'OPERATION_TOO_COMPLEX',
        details: { limit: 'cost', cost: 1 + 30 * 11, most: 50, path: 'page.assets' },
      },
    },
  ]);
  expect(it.graph.calls).toEqual([]);
});
