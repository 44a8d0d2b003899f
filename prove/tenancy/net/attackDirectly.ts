import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { bodyHash, connectionHash, contextHeader, parseGatewaySecrets, signContext } from '@tributary/auth';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import type { Principal } from '@tributary/contracts/principal';
import { send, type HttpAnswer } from '@tributary/kit/client';
import { makeClusterSecrets } from '@tributary/kit/cluster';
import { inParallel, type Net } from './Net.ts';

const bodies: readonly (readonly [name: string, path: string, body: unknown])[] = [
  ['a query', '/graphql', { query: '{ __typename }' }],
  ['_service', '/graphql', { query: '{ _service { sdl } }' }],
  [
    '_entities',
    '/graphql',
    {
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      variables: { r: [{ __typename: 'Flow', id: 'flow_0' }] },
    },
  ],
  ['a mutation', '/graphql', { query: 'mutation { __typename }' }],
  ['a command', '/internal/existing', { ids: [] }],
  ['no such command', '/internal/nothing', {}],
];

interface Forgery {
  readonly name: string;
  readonly headers: (net: Net, subgraph: SubgraphName, path: string, body: string) => Record<string, string>;
  /** Whether the same request was let in once before. */
  readonly isReplay?: boolean;
}

const plain = (net: Net): Principal => net.worlds.a.people.owner.principal!;

function signed(
  net: Net,
  options: { audience: string; body: string | null; secret?: string; lifeSeconds?: number; principal?: Principal },
): string {
  return signContext(options.principal ?? plain(net), {
    audience: options.audience,
    requestId: crypto.randomUUID(),
    bodySha256: options.body === null ? null : bodyHash(options.body),
    secrets: parseGatewaySecrets(options.secret ?? net.secrets.gatewaySecret),
    ...(options.lifeSeconds === undefined ? {} : { lifeSeconds: options.lifeSeconds }),
  });
}

const audienceOf = (subgraph: SubgraphName, path: string): string =>
  path === '/graphql' ? subgraph : `commands:${subgraph}`;
const otherAudience = (subgraph: SubgraphName, path: string): string =>
  path === '/graphql' ? `commands:${subgraph}` : subgraph;

/** Every way to stand before a subgraph without being its gateway. */
const forgeries: readonly Forgery[] = [
  { name: 'nothing', headers: () => ({}) },
  { name: 'a user’s token', headers: (net) => ({ ...net.worlds.a.people.owner.headers }) },
  {
    name: 'a user’s token as context',
    headers: (net) => ({ [contextHeader]: net.worlds.a.people.owner.headers['authorization']!.slice(7) }),
  },
  {
    name: 'an API key',
    headers: (net) => ({ ...net.worlds.a.people.everybody.find(({ name }) => name === 'key')!.headers }),
  },
  {
    name: 'spoofed headers',
    headers: (net) => ({
      'x-workspace-id': net.worlds.b.people.workspaceId,
      'x-user-id': 'x',
      'x-role': 'OWNER',
      'x-tributary-principal': '{}',
      'x-forwarded-for': '127.0.0.1',
    }),
  },
  {
    name: 'another subgraph’s context',
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: signed(net, {
        audience: audienceOf(
          subgraphNames.find((name) => name !== subgraph)!,
          path,
        ),
        body,
      }),
    }),
  },
  {
    name: 'a context for the other kind of path',
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: signed(net, { audience: otherAudience(subgraph, path), body }),
    }),
  },
  {
    name: 'a changed body',
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: signed(net, { audience: audienceOf(subgraph, path), body: `${body} ` }),
    }),
  },
  {
    name: 'an expired context',
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: signed(net, { audience: audienceOf(subgraph, path), body, lifeSeconds: -1 }),
    }),
  },
  {
    name: 'a context by another secret',
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: signed(net, {
        audience: audienceOf(subgraph, path),
        body,
        secret: makeClusterSecrets().gatewaySecret,
      }),
    }),
  },
  {
    name: 'a known kid with another secret',
    headers: (net, subgraph, path, body) => {
      const right = signed(net, { audience: audienceOf(subgraph, path), body }).split('.');
      const wrong = signed(net, {
        audience: audienceOf(subgraph, path),
        body,
        secret: makeClusterSecrets().gatewaySecret,
      }).split('.');
      return { [contextHeader]: [right[0], right[1], wrong[2], wrong[3]].join('.') };
    },
  },
  {
    name: 'another workspace under a true signature',
    headers: (net, subgraph, path, body) => {
      const parts = signed(net, { audience: audienceOf(subgraph, path), body }).split('.');
      const payload = JSON.parse(Buffer.from(parts[2]!, 'base64url').toString('utf8')) as { ws: string };
      payload.ws = net.worlds.b.people.workspaceId;
      parts[2] = Buffer.from(JSON.stringify(payload)).toString('base64url');
      return { [contextHeader]: parts.join('.') };
    },
  },
  {
    name: 'an edge’s context',
    headers: (net) => ({ [contextHeader]: signed(net, { audience: 'supergraph', body: null }) }),
  },
  {
    name: 'no signature',
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: `${signed(net, { audience: audienceOf(subgraph, path), body })
        .split('.')
        .slice(0, 3)
        .join('.')}.`,
    }),
  },
  {
    name: 'a replay',
    isReplay: true,
    headers: (net, subgraph, path, body) => ({
      [contextHeader]: signed(net, { audience: audienceOf(subgraph, path), body }),
    }),
  },
  { name: 'text', headers: () => ({ [contextHeader]: 'tc1.x.y.z' }) },
];

/** Requests straight at the subgraphs: all must be refused with a code. Answers how many there were of each kind. */
export async function attackDirectly(net: Net, most: number): Promise<Map<string, number>> {
  const counted = new Map<string, number>();
  const requests: [Forgery, SubgraphName, (typeof bodies)[number]][] = [];
  for (let turn = 0; requests.length < most; turn += 1) {
    for (const forgery of forgeries) {
      const subgraph = subgraphNames[(turn + requests.length) % subgraphNames.length]!;
      requests.push([forgery, subgraph, bodies[(turn + Math.floor(requests.length / 7)) % bodies.length]!]);
    }
  }
  await inParallel(requests.slice(0, most), async ([forgery, subgraph, [what, path, body]]) => {
    counted.set(forgery.name, (counted.get(forgery.name) ?? 0) + 1);
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', ...forgery.headers(net, subgraph, path, text) };
    const ask = () => send('POST', `${net.cluster.originOf(subgraph)}${path}`, headers, text);
    if (forgery.isReplay) await ask();
    const answer = await ask();
    net.counts.probes += 1;
    net.counts.requests += forgery.isReplay ? 2 : 1;
    const where = `${forgery.name} with ${what}, at ${subgraph}`;
    net.judge.checkSeen(where, answer, `${JSON.stringify(headers)}${text}`, null);
    if (!isRefusal(answer)) net.judge.report('not refused', where, `${answer.status} ${answer.text.slice(0, 300)}`);
  });
  for (const subgraph of subgraphNames) await attackSocket(net, subgraph, counted);
  return counted;
}

function isRefusal(answer: HttpAnswer): boolean {
  return (
    answer.status === 401 && answer.text.includes('"code":"INVALID_CREDENTIALS"') && !answer.text.includes('"data"')
  );
}

/** The socket of a subgraph: without a context, with one for something else, and an operation without one of its own. */
async function attackSocket(net: Net, subgraph: SubgraphName, counted: Map<string, number>): Promise<void> {
  const url = `${net.cluster.originOf(subgraph).replace('http', 'ws')}/graphql`;
  const open = signContext(plain(net), {
    audience: subgraph,
    requestId: crypto.randomUUID(),
    bodySha256: connectionHash,
    secrets: parseGatewaySecrets(net.secrets.gatewaySecret),
  });
  const attempts: readonly (readonly [string, Record<string, unknown>])[] = [
    ['a socket without a context', {}],
    ['a socket with a user’s token', { authorization: net.worlds.a.people.owner.headers['authorization'] }],
    ['a socket with a context for a body', { context: signed(net, { audience: subgraph, body: 'x' }) }],
    ['an operation without a context of its own', { context: open }],
  ];
  for (const [name, connectionParams] of attempts) {
    counted.set(name, (counted.get(name) ?? 0) + 1);
    net.counts.probes += 1;
    net.counts.requests += 1;
    const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
    const seen: unknown[] = [];
    try {
      for await (const event of client.iterate({ query: 'subscription { flowUpdates { sequence } }' }))
        seen.push(event);
    } catch (error) {
      seen.push(Array.isArray(error) ? error : { closed: (error as { code?: unknown }).code });
    }
    await client.dispose();
    const answer = JSON.stringify(seen);
    if (!/^\[(\{"closed":4403\}|\[\{.*"code":"INVALID_CREDENTIALS".*\}\])\]$/.test(answer))
      net.judge.report('not refused', `${name}, at ${subgraph}`, answer);
  }
}
