import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { loginCommand, uploadCommand } from '@tributary/contracts/commands';
import { errorRegister } from '@tributary/contracts/errors';
import { InProcessCounters } from '@tributary/limits';
import { describe, expect, test } from '@jest/globals';
import { authRoutes, uploadRoute } from '../src/index.js';
import { secrets, startTestCluster } from './support/cluster.js';
import { startEdge } from './support/edge.js';
import { canary } from './support/graph.js';
import { RawSocket } from './support/sockets.js';
import { answerOf, post, startTestGateway, testIdentity } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };
const inside = [
  /canary/,
  /etc\/passwd/,
  /select \*/,
  /stack/i,
  /node_modules/,
  /\.[jt]s:\d+/,
  /\n\s+at /,
  /127\.0\.0\.1/,
];

/** Nothing of what went on inside, and for each error the whole form that clients rely on. */
function expectMasked(text: string): void {
  for (const pattern of inside) expect(text).not.toMatch(pattern);
  const bodies = text.match(/\{"errors":.*\}|\{.*"errors":\[.*\}/g) ?? [];
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) {
    const { errors, payload } = JSON.parse(body) as { errors?: Masked[]; payload?: { errors?: Masked[] } };
    for (const { extensions } of errors ?? payload!.errors!) {
      expect(Object.keys(extensions).sort()).toEqual(['code', 'details', 'requestId', 'timestamp']);
      expect(Object.keys(errorRegister)).toContain(extensions['code']);
    }
  }
}

interface Masked {
  readonly extensions: Record<string, unknown>;
}

const graphs = [
  ['a subgraph in this process', startTestGateway],
  ['a subgraph of its own', startTestCluster],
] as const;

describe.each(graphs)('what breaks in %s is masked', (_title, start) => {
  test.each(['plain', 'database', 'coded', 'extended'])('in a resolver: %s', async (how) => {
    await using it = await start();
    const query = `{ crash(how: "${how}") flow(id: 1) { id } }`;
    for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream'])
      expectMasked((await it.ask({ query }, { accept })).text);
    const socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer good' });
    socket.subscribe('1', { query });
    expectMasked(JSON.stringify((await socket.next('next', '1'))['payload']));
    socket.socket.close();
  });

  test('in a value that does not fit its type', async () => {
    await using it = await start();
    const { text, body } = await it.ask({ query: '{ flowWith(fault: "x") { name } }' });
    expectMasked(text);
    expect(body.errors![0]!.extensions.code).toBe('INTERNAL_ERROR');
  });

  test('in the middle of a subscription', async () => {
    await using it = await start();
    const query = 'subscription { crashing { sequence } }';
    for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
      expectMasked((await it.ask({ query }, { accept })).text);
    }
    const socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer good' });
    socket.subscribe('1', { query });
    const { payload } = await socket.next('error', '1');
    expectMasked(JSON.stringify({ errors: payload }));
    socket.socket.close();
  });
});

const answers: readonly [string, number, string, string][] = [
  ['HTML', 502, 'text/html', `<html><pre>${canary}\n    at run (/srv/app/main.js:10:5)</pre></html>`],
  ['HTML with 200', 200, 'text/html', `<html>${canary}</html>`],
  ['half of its JSON', 200, 'application/json', `{"data":{"whoAmI":"${canary}`],
  ['JSON that is no answer', 200, 'application/json', JSON.stringify([canary])],
  [
    'an error of another server',
    200,
    'application/json',
    errorWith({ code: 'INTERNAL_SERVER_ERROR', stacktrace: [canary] }),
  ],
  ['a code that we do not have', 200, 'application/json', errorWith({ code: canary })],
  ['500 with an error', 500, 'application/json', errorWith({ exception: { stacktrace: [canary] } })],
];

function errorWith(extensions: object): string {
  return JSON.stringify({ data: null, errors: [{ message: canary, path: ['whoAmI'], extensions }] });
}

describe('what a broken subgraph answers is masked', () => {
  test.each(answers)('%s', async (_title, status, type, text) => {
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(status, { 'content-type': type }).end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const broken = { kind: 'http', url, wsUrl: url.replace('http', 'ws') } as const;
    await using it = await startTestGateway({ subgraphs: { flow: broken, asset: broken }, secrets });
    const answer = await it.ask({ query: '{ whoAmI }' });
    expect(answer.body.errors!.length).toBeGreaterThan(0);
    expectMasked(answer.text);
    server.closeAllConnections();
    server.close();
  });

  test('a coded error keeps its code and its details, and nothing else that came with it', async () => {
    const extensions = { code: 'RESOURCE_CONFLICT', details: { reason: 'version' }, stacktrace: [canary], sql: canary };
    const error = { message: 'It has changed.', path: ['whoAmI'], extensions };
    await using it = await startTestGateway({
      subgraphs: Object.fromEntries(
        ['flow', 'asset'].map((name) => [
          name,
          { kind: 'inProcess', execute: () => ({ data: null, errors: [error] }) as never },
        ]),
      ),
    });
    const { text, body } = await it.ask({ query: '{ whoAmI }' });
    expectMasked(text);
    expect(body.errors).toMatchObject([{ extensions: { code: 'RESOURCE_CONFLICT', details: { reason: 'version' } } }]);
  });

  test('a subgraph that throws instead of answering, as a planner would', async () => {
    const execute = () => {
      throw new Error(canary);
    };
    await using it = await startTestGateway({
      subgraphs: { flow: { kind: 'inProcess', execute }, asset: { kind: 'inProcess', execute } },
    });
    expectMasked((await it.ask({ query: '{ whoAmI }' })).text);
  });
});

test('credentials that cannot be checked tell nothing of why', async () => {
  const authenticate = () => Promise.reject(new Error(canary));
  await using it = await startTestGateway({ identity: { authenticate } });
  const { text, body } = await it.ask({ query: '{ whoAmI }' });
  expectMasked(text);
  expect(body.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
});

describe('routes beside GraphQL', () => {
  const start = () => {
    const fail = () => Promise.reject(new Error(canary));
    const commands = new LocalCommandClient(
      new CommandRegistry().register(loginCommand, fail).register(uploadCommand, fail),
    );
    const counters = new InProcessCounters();
    return startTestGateway({
      routes: [
        ...authRoutes({ commands, secureCookies: false, corsOrigins: [], counters, behindProxy: false }),
        uploadRoute({ commands, identity: testIdentity }),
      ],
    });
  };
  const json = { 'content-type': 'application/json' };

  test.each<[string, string, RequestInit]>([
    ['a command that fails', '/auth/login', { headers: json, body: '{"email":"a@b.example","password":"x"}' }],
    ['a body that is no JSON', '/auth/login', { headers: json, body: `{"email": ${canary}` }],
    ['a body of another shape', '/auth/login', { headers: json, body: JSON.stringify({ email: { canary } }) }],
    ['a path that there is not', `/${encodeURIComponent(canary)}`, {}],
    ['an upload that cannot be stored', '/uploads?name=a.csv', { headers: signedIn, body: 'a' }],
    ['an upload without a name', '/uploads', { headers: signedIn, body: canary }],
    [
      'an upload with a name that leads elsewhere',
      '/uploads?name=../../../etc/passwd',
      { headers: signedIn, body: 'a' },
    ],
    ['a body that is no JSON, at the graph', '/graphql', { headers: { ...json, ...signedIn }, body: `{${canary}` }],
  ])('%s', async (_title, path, init) => {
    await using it = await start();
    expectMasked((await answerOf(await fetch(it.url.replace('/graphql', path), { method: 'POST', ...init }))).text);
  });
});

describe('what a router behind an edge answers is masked', () => {
  test.each<[string, unknown]>([
    ['an error of its own', { errors: [{ message: canary, extensions: { code: 'WHATEVER', stacktrace: [canary] } }] }],
    [
      'a failed fetch',
      { errors: [{ message: canary, extensions: { code: 'SUBREQUEST_HTTP_ERROR', reason: canary } }] },
    ],
  ])('%s', async (_title, answer) => {
    await using it = await startEdge(() => answer);
    expectMasked((await post(it.url, { query: '{ whoAmI }' }, signedIn)).text);
  });
});
