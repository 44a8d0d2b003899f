import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bodyHash, ContextVerifier, contextHeader, parseGatewaySecrets, signContext } from '@tributary/auth';
import { CommandRegistry } from '@tributary/commands';
import { CodedError } from '@tributary/contracts/errors';
import type { Principal } from '@tributary/contracts/principal';
import { Deadline } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { buildSchema, parse, type GraphQLSchema } from 'graphql';
import { Subgraph, SubgraphAnswers, SubgraphServer } from '../src/index.js';
import { KnownDocuments } from '../src/KnownDocuments.js';

const secrets = parseGatewaySecrets('0123456789abcdef0123456789abcdef-test');
const logger = createLogger({ name: 'server-test', level: 'silent' });
const principal: Principal = {
  workspaceId: '01900000-0000-7000-8000-000000000001',
  actor: { kind: 'user', id: '01900000-0000-7000-8000-000000000002' },
  role: 'OWNER',
  scopes: null,
};

function schemaOf(): GraphQLSchema {
  const schema = buildSchema('type Query { word: String refused: String broken: String echo(text: String!): String }');
  const fields = schema.getQueryType()!.getFields();
  fields['word']!.resolve = () => 'yes';
  fields['echo']!.resolve = (_root, { text }: { text: string }) => text;
  fields['refused']!.resolve = () => {
    throw new CodedError('RESOURCE_CONFLICT', 'It has changed.', { reason: 'version' });
  };
  fields['broken']!.resolve = () => {
    throw new Error('select * from account');
  };
  return schema;
}

const subgraph = new Subgraph({
  name: 'flow',
  answers: () => Promise.resolve(new SubgraphAnswers('flow', { schema: schemaOf(), sdl: '' } as never, logger)),
  commands: new CommandRegistry(),
});

function startServer(): Promise<SubgraphServer> {
  return SubgraphServer.start({
    subgraph,
    verifier: new ContextVerifier({ secrets }),
    logger,
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 5_000,
    commandTimeoutMs: 5_000,
    isReady: () => Promise.resolve(true),
  });
}

describe('the GraphQL endpoint of a subgraph', () => {
  let server: SubgraphServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  async function send(text: string, headers: Record<string, string> = {}, body: string | Buffer = text) {
    const response = await post(text, headers, body);
    return { status: response.status, body: (await response.json()) as { data?: unknown; errors?: unknown[] } };
  }

  async function raw(text: string) {
    const response = await post(text, { accept: 'application/json' }, text);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  function post(text: string, headers: Record<string, string>, body: string | Buffer) {
    return fetch(`http://127.0.0.1:${server.port}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [contextHeader]: signContext(principal, {
          audience: 'flow',
          requestId: 'r-1',
          bodySha256: bodyHash(text),
          secrets,
        }),
        ...headers,
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  }

  test('answers as the same subgraph does in this process: data, errors and their order', async () => {
    const query = '{ word refused broken }';
    const over = await send(JSON.stringify({ query }));
    const within = await subgraph.execute({
      document: parse(query),
      context: { principal, requestId: 'r-1', deadline: Deadline.in(5_000) },
    });
    const timeless = (answer: unknown): unknown =>
      JSON.parse(JSON.stringify(answer, (name, value: unknown) => (name === 'timestamp' ? 'then' : value)));
    expect(timeless(over.body)).toEqual(timeless(within));
    expect(JSON.stringify(over.body)).not.toContain('account');
  });

  test.each([
    ['a document that is not valid', { query: '{ nothing }' }],
    ['a document that cannot be read', { query: '{' }],
    ['a variable that does not fit', { query: 'query ($t: String!) { echo(text: $t) }', variables: { t: null } }],
  ])('%s is INVALID_INPUT, with the id of its request', async (_what, body) => {
    const answer = await send(JSON.stringify(body));
    expect(answer.body.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', requestId: 'r-1' } }]);
  });

  test.each([
    ['data', { query: '{ known: word }' }],
    ['data beside errors', { query: '{ known: word refused broken }' }],
    ['variables', { query: 'query K($t: String!) { echo(text: $t) }', variables: { t: 'é' }, operationName: 'K' }],
    ['null for what is not there', { query: '{ known: echo(text: "a") }', variables: null, operationName: null }],
    ['a variable that does not fit', { query: 'query L($t: String!) { echo(text: $t) }', variables: { t: 5 } }],
    ['no operation of that name', { query: 'query M { word }', operationName: 'N' }],
    ['variables that are none', { query: 'query O { word }', variables: 'x' }],
    ['an operation name that is none', { query: 'query P { word }', operationName: 5 }],
    ['extensions', { query: 'query Q { word }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  ])('the second time that a document comes it is answered as the first time: %s', async (_what, body) => {
    const seen = async () => {
      const { status, headers, text } = await raw(JSON.stringify(body));
      return { status, type: headers.get('content-type'), text: text.replace(/"timestamp":"[^"]*"/g, '') };
    };
    // So that the document is known in any case, whatever is wrong with the rest of the body.
    const first = await seen();
    await send(JSON.stringify({ query: body.query, variables: { t: 'a' } }), { accept: 'application/json' });
    expect(await seen()).toEqual(first);
  });

  test('a document that is known goes past Apollo Server, and one with something wrong beside it does not', () => {
    const documents = new KnownDocuments();
    const query = '{ word }';
    const document = parse(query);
    documents.remember(query, document);
    documents.remember('subscription { word }', parse('subscription { word }'));
    expect(documents.find({ query, variables: { a: 1 }, operationName: null })).toEqual({
      document,
      variables: { a: 1 },
      operationName: undefined,
    });
    for (const other of [
      null,
      [query],
      { query: '{ refused }' },
      { query: 'subscription { word }' },
      { query, variables: [] },
      { query, variables: 'a' },
      { query, operationName: 1 },
      { query, extensions: {} },
    ])
      expect(documents.find(other)).toBeNull();
  });

  test('a body that came compressed is the one that was signed', async () => {
    const text = JSON.stringify({ query: '{ word }' });
    expect((await send(text, { 'content-encoding': 'gzip' }, gzipSync(text))).body).toEqual({ data: { word: 'yes' } });
  });

  test.each([
    ['another body than the one that was signed', '{"query":"{ word }"}', {}, '{"query":"{ refused }"}', 401],
    ['a body that is no JSON', 'query', {}, undefined, 400],
    ['a body of more than 8 MB', `{"query":"{ word }","pad":"${'x'.repeat(8 * 1024 * 1024)}"}`, {}, undefined, 400],
    ['a bomb', 'x'.repeat(9 * 1024 * 1024), { 'content-encoding': 'gzip' }, gzipSync('x'.repeat(9 * 1024 * 1024)), 400],
    ['an encoding that is not known', '{}', { 'content-encoding': 'zstd2' }, undefined, 400],
  ])('%s is refused', async (_what, text, headers, body, status) => {
    const answer = await send(text, headers, body).catch((error: unknown) => ({ status: error, body: {} }));
    expect(answer.status).toBe(status);
    expect((await send('{"query":"{ word }"}')).body).toEqual({ data: { word: 'yes' } });
  });
});

test('what stops a process is for the process to say: no signal is answered here', async () => {
  const environment = process.env['NODE_ENV'];
  const heard = () => (['SIGTERM', 'SIGINT'] as const).map((signal) => process.listenerCount(signal));
  const before = heard();
  // In tests Apollo Server holds back what it does elsewhere.
  process.env['NODE_ENV'] = 'production';
  try {
    await using _server = await startServer();
    expect(heard()).toEqual(before);
  } finally {
    process.env['NODE_ENV'] = environment;
  }
});
