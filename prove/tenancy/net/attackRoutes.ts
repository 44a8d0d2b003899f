import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as commandDefinitions from '@tributary/contracts/commands';
import { bodyHash, contextHeader, parseGatewaySecrets, signContext } from '@tributary/auth';
import { mayDo } from '@tributary/contracts/actions';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { deliveryPart, type Command, type CommandPart } from '@tributary/contracts/commands';
import { systemPrincipal } from '@tributary/contracts/principal';
import { send, type HttpAnswer } from '@tributary/kit/client';
import { password } from '../world/people.ts';
import { compare } from './attackQueries.ts';
import type { Net } from './Net.ts';
import { twinOf } from './twin.ts';

const json = { 'content-type': 'application/json' };

type Route = (net: Net) => Promise<void>;

/** Every path that the gateway or a subgraph answers, and what the net does to it. A path that is new needs a line here. */
const routes: Readonly<Record<string, Route | string>> = {
  '/graphql': 'attacked by every other part of the net',
  '/': 'sends browsers to /console, or where there is none to /graphql',
  '/console': attackConsole,
  '/auth': 'the path that the refresh cookie is sent to: nothing answers there',
  '/assets/': 'files of the page for browsers: no data of anybody',
  '/icon.svg': 'a file of the page for browsers: no data of anybody',
  '/people.json': 'who may be offered to sign in: demo people of embedded mode only',
  // Pages and files, and whom its page may offer to sign in: demo people of embedded mode only.
  '/health': (net) => attackOpenPath(net, '/health'),
  '/health/live': (net) => attackOpenPath(net, '/health/live'),
  '/health/ready': (net) => attackOpenPath(net, '/health/ready'),
  '/metrics': (net) => attackOpenPath(net, '/metrics'),
  '/auth/login': attackLogin,
  '/auth/switch': attackSwitch,
  '/auth/oidc/start': (net) => attackOpenPath(net, '/auth/oidc/start'),
  '/auth/oidc/callback': (net) => attackOpenPath(net, '/auth/oidc/callback?code=none&state=none'),
  '/auth/refresh': attackRefresh,
  '/auth/logout': (net) => attackPost(net, '/auth/logout', {}),
  '/auth/methods': (net) => attackOpenPath(net, '/auth/methods'),
  '/auth/reset': (net) => attackPost(net, '/auth/reset', { token: net.worlds.b.people.workspaceId, password }),
  '/auth/invitation': (net) => attackPost(net, '/auth/invitation', { token: net.worlds.b.people.workspaceId }),
  '/auth/accept': (net) => attackPost(net, '/auth/accept', { token: net.worlds.b.people.workspaceId, password }),
  '/uploads': attackUploads,
  '/v1/traces': (net) => attackSpans(net, '/v1/traces'),
  '/otlp/v1/traces': (net) => attackSpans(net, '/otlp/v1/traces'),
  '/internal/:command': 'attacked command by command',
};

const places = [
  'gateway/src/protocols',
  'gateway/src/protocols/console',
  'gateway/src/protocols/http',
  'gateway/src/protocols/routes',
  'gateway/src/protocols/routes/oidc',
  'gateway/src/protocols/routes/otlp',
  'gateway/src/protocols/sandbox',
  'packages/server/src',
];

/** The paths that stand in the code: literals that begin with a slash. */
export function routesInCode(root: string): string[] {
  const found = new Set<string>();
  for (const folder of places) {
    for (const file of readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(join(root, folder, file), 'utf8');
      for (const [, path] of text.matchAll(/['"`](\/(?:[a-z][a-z0-9./:-]*)?)['"`]/g)) found.add(path!);
    }
  }
  return [...found];
}

export function routeNames(root: string): string[] {
  return [
    ...routesInCode(root).map((path) => `route ${path}`),
    ...commandsOf().map(({ subgraph, name }) => `command ${subgraph}/${name}`),
  ];
}

/** Every route with what an attacker of A would send, and every internal command. */
export async function attackRoutes(net: Net): Promise<void> {
  for (const path of routesInCode(net.root)) {
    const route = routes[path];
    if (route === undefined) throw new Error(`Say in attackRoutes.ts how ${path} is attacked, or why it is not.`);
    if (typeof route === 'function') await route(net);
    net.coverage.attacked([`route ${path}`]);
  }
  await attackCommands(net);
}

/** Every internal command, with a context that is signed for A and with what belongs to B. */
export async function attackCommands(net: Net): Promise<void> {
  for (const command of commandsOf()) await attackCommand(net, command);
}

/** The console is files, and the same for everybody. */
async function attackConsole(net: Net): Promise<void> {
  for (const path of [
    '/console',
    '/console/flows',
    '/console/people.json',
    '/console/operations.json',
    '/console/../.env',
  ])
    await attackOpenPath(net, path);
}

async function attackOpenPath(net: Net, path: string): Promise<void> {
  for (const origin of [net.cluster.origin, ...subgraphNames.map((name) => net.cluster.originOf(name))]) {
    net.counts.probes += 1;
    net.counts.requests += 1;
    net.judge.checkSeen(`GET ${path}`, await send('GET', `${origin}${path}`, {}), '', null);
  }
}

/** The same with what belongs to B and with what never existed. */
async function pair(net: Net, where: string, sent: unknown, ask: (given: any) => Promise<HttpAnswer>): Promise<void> {
  const twin = twinOf(sent, net.random, (mark) => !net.judge.isForeign(mark));
  const { owner } = net.worlds.a.people;
  await compare(net, where, twin.made, async () => {
    const both = [];
    for (const given of [sent, twin.value]) {
      const answer = await ask(given);
      net.counts.requests += 1;
      net.judge.checkSeen(where, answer, JSON.stringify(given), owner.principal);
      both.push(answer);
    }
    return both as [HttpAnswer, HttpAnswer];
  });
}

async function attackPost(net: Net, path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  await pair(net, `POST ${path}`, body, (given) =>
    send('POST', `${net.cluster.origin}${path}`, { ...json, ...headers }, JSON.stringify(given)),
  );
}

async function attackLogin(net: Net): Promise<void> {
  // Of C: a wrong password is written into the audit trail of those whom it was tried on, and B's must stay as it is.
  const { a, b, c } = net.worlds;
  const emailOf = (slug: string) => `viewer@${slug}.example`;
  await attackPost(net, '/auth/login', { email: emailOf(c.people.slug), password: 'not the password' });
  await attackPost(net, '/auth/login', { email: emailOf(a.people.slug), password, workspace: b.people.slug });
}

async function attackRefresh(net: Net): Promise<void> {
  const { a, b } = net.worlds;
  await attackPost(net, '/auth/refresh', {}, { cookie: 'tributary_refresh=none' });
  await attackPost(net, '/auth/refresh', { workspace: b.people.slug }, { cookie: a.people.cookie });
}

async function attackSwitch(net: Net): Promise<void> {
  await attackPost(
    net,
    '/auth/switch',
    { workspace: net.worlds.b.people.slug },
    { cookie: net.worlds.a.people.cookie },
  );
}

/** Bytes are taken for A, whatever it claims; and A's discoveries cannot read B's bytes. */
async function attackUploads(net: Net): Promise<void> {
  const { a, b } = net.worlds;
  for (const person of a.people.everybody) {
    const where = `POST /uploads as ${person.name}`;
    const url = `${net.cluster.origin}/uploads?name=net.csv&workspace=${b.people.workspaceId}`;
    const headers = {
      ...person.headers,
      'x-workspace-id': b.people.workspaceId,
      'x-tributary-workspace': b.people.workspaceId,
    };
    const answer = await send('POST', url, headers, 'name\nx');
    net.counts.probes += 1;
    net.counts.requests += 1;
    net.judge.checkSeen(where, answer, url, person.principal);
    const mayUpload = person.principal !== null && person.name !== 'VIEWER';
    if ((answer.status === 201) !== mayUpload) net.judge.report('authority', where, `${answer.status} ${answer.text}`);
  }
}

/** Spans become traces of A, whatever they claim: B's workspace, B's flow, the id of a trace that B has. */
async function attackSpans(net: Net, path: string): Promise<void> {
  const { a, b } = net.worlds;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  for (const person of a.people.everybody) {
    const where = `POST ${path} as ${person.name}`;
    const at = Date.now();
    const span = {
      traceId: crypto.randomUUID().replaceAll('-', ''),
      spanId: crypto.randomUUID().replaceAll('-', '').slice(16),
      name: 'chat',
      startTimeUnixNano: `${at}000000`,
      endTimeUnixNano: `${at + 1}000000`,
      attributes: [text('gen_ai.operation.name', 'chat')],
    };
    // Without an end it is not stored: what A sends A may see, and the net would take it for B's.
    const ofFlow = {
      ...span,
      spanId: span.spanId.split('').reverse().join(''),
      endTimeUnixNano: '0',
      attributes: [text('tributary.agent', 'net'), text('tributary.flow.id', b.ids['flow']![0]!)],
    };
    const resource = { attributes: [text('service.name', 'net'), text('workspace.id', b.people.workspaceId)] };
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span, ofFlow] }] }] });
    const headers = {
      ...json,
      ...person.headers,
      'x-workspace-id': b.people.workspaceId,
      'x-tributary-workspace': b.people.workspaceId,
    };
    const answer = await send('POST', `${net.cluster.origin}${path}`, headers, body);
    net.counts.probes += 1;
    net.counts.requests += 1;
    net.judge.checkSeen(where, answer, body, person.principal);
    const mayIngest = person.principal !== null && mayDo(person.principal, 'trace.ingest');
    if ((answer.status === 200) !== mayIngest) net.judge.report('authority', where, `${answer.status} ${answer.text}`);
  }
}

function commandsOf(): Command[] {
  const found: Command[] = [];
  for (const value of Object.values(commandDefinitions)) {
    const candidates: unknown[] = isCommand(value) ? [value] : typeof value === 'object' ? Object.values(value) : [];
    for (const candidate of candidates) if (isCommand(candidate)) found.push(candidate);
  }
  const silent = subgraphNames.filter((name) => !found.some(({ subgraph }) => subgraph === name));
  if (silent.length > 0) throw new Error(`No command of ${silent.join(', ')} was found: look where they are defined.`);
  return found;
}

function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'subgraph' in value && 'streams' in value && 'action' in value;
}

/** What an attacker sends to each command. Credentials of B are no attack: who has them is B. A command that is new needs a line here. */
const inputs: Readonly<Record<string, ((net: Net) => unknown) | string>> = {
  'workspace/login': 'takes credentials; attacked by its route',
  'workspace/verifiedSignIn': 'says who an issuer has vouched for; the gateway alone may',
  'workspace/refresh': 'takes credentials; attacked by its route',
  'workspace/switchWorkspace': 'takes credentials; attacked by its route',
  'workspace/logout': 'takes credentials; attacked by its route',
  'workspace/resetPassword': 'takes credentials; attacked by its route',
  'workspace/acceptInvitation': 'takes credentials; attacked by its route',
  'workspace/describeInvitation': 'takes credentials; attacked by its route',
  'workspace/resolveApiKey': 'takes a key’s id and hash: who has them is its holder',
  'workspace/revocations': 'answers gateways over all workspaces: ids of what is worth nothing any more',
  'workspace/settings': () => ({}),
  'workspace/existing': (net) => ({ ids: some(net, ['ws', 'user', 'key', 'audit']) }),
  'flow/existing': (net) => ({ ids: some(net, ['flow']) }),
  'asset/existing': (net) => ({ ids: some(net, ['asset']) }),
  'metrics/existing': (net) => ({ ids: some(net, ['trace']) }),
  'delivery/existing': (net) => ({ ids: some(net, ['hook', 'channel']) }),
  'delivery/webhookToDeliver': (net) => ({ webhookId: bare(some(net, ['hook'])[0]!) }),
  'gateway/deliver': (net) => ({ webhookId: bare(some(net, ['hook'])[0]!), after: 'AQ', first: 10 }),
  'gateway/deliverable': () => ({ document: 'subscription { flowUpdates { type } }', documentId: null, variables: {} }),
  'gateway/previewDelivery': () => ({
    document: 'subscription { flowUpdates { type } }',
    documentId: null,
    variables: {},
    after: 'AQ',
    first: 10,
  }),
  'workspace/adminAddresses': () => ({}),
  'workspace/noteOperationsUsed': () => ({ operations: [{ documentId: 'one', at: new Date().toISOString() }] }),
  'workspace/presentPrincipal': (net) => ({ kind: 'user', id: bare(some(net, ['user'])[0]!) }),
  'alert/existing': (net) => ({ ids: some(net, ['alert', 'rule', 'silence']) }),
  'delivery/webhookFigures': () => ({
    measure: 'WEBHOOK_LAG_EVENTS',
    groupBy: 'WEBHOOK',
    firstEnd: new Date().toISOString(),
    count: 2,
    stepMs: 60_000,
  }),
  'flow/flowFigures': () => ({
    measure: 'FLOW_RUNNING_SECONDS',
    groupBy: 'FLOW',
    firstEnd: new Date().toISOString(),
    count: 2,
    stepMs: 60_000,
    windowMs: 86_400_000,
  }),
  'flow/discoveryEnds': () => ({
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
  }),
  'asset/assetFigures': () => ({
    measure: 'ASSETS_NEW',
    groupBy: 'ASSET',
    firstEnd: new Date().toISOString(),
    count: 2,
    stepMs: 60_000,
    windowMs: 86_400_000,
  }),
  'flow/upload': 'takes bytes; attacked by its route',
  'asset/inventory': (net) => ({ ...chunkOfB(net), assets: [] }),
  'asset/connect': (net) => ({ ...chunkOfB(net), dependencies: [] }),
  'asset/settle': (net) => ({
    ...chunkOfB(net),
    kinds: ['runs_on', 'depends_on'],
    coverage: 'COMPLETE',
    retireAfter: 1,
    after: null,
  }),
  'metrics/recordTraces': () => ({ traces: [] }),
  'metrics/otlpTraces': 'takes bytes; attacked by its route',
  'metrics/figures': (net) => ({
    metric: 'REQUESTS',
    groupBy: 'AGENT',
    scope: { flowId: some(net, ['flow']), agent: net.worlds.b.texts['trace_series.agent'] },
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
  }),
  'metrics/lateMinutes': () => ({ after: 0 }),
  'metrics/spend': (net) => ({
    scope: { flowId: some(net, ['flow']), agent: net.worlds.b.texts['trace_series.agent'] },
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
  }),
  'metrics/slidingFigures': (net) => ({
    metric: 'REQUESTS',
    groupBy: 'AGENT',
    scope: { flowId: some(net, ['flow']) },
    firstEnd: new Date().toISOString(),
    count: 2,
    stepMs: 60_000,
    windowMs: 86_400_000,
  }),
};

function some(net: Net, kinds: readonly string[]): string[] {
  return kinds.flatMap((kind) => net.worlds.b.ids[kind]!.slice(0, 10));
}

function chunkOfB(net: Net): object {
  const source = { key: net.worlds.b.texts['inventory_source.key']?.[0] ?? 'key', name: 'servers.csv' };
  return { flowId: bare(net.worlds.b.ids['flow']![0]!), source, chunk: 99 };
}

function bare(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}

async function attackCommand(net: Net, command: Command): Promise<void> {
  const name = `${command.subgraph}/${command.name}`;
  const input = inputs[name];
  if (input === undefined)
    throw new Error(`Say in attackRoutes.ts what is sent to the command ${name}, or why nothing is.`);
  net.coverage.attacked([`command ${name}`]);
  if (typeof input === 'string') return;
  const sent = input(net);
  await pair(net, `command ${name}`, sent, (given) => callCommand(net, command.subgraph, command.name, given));
}

function callCommand(net: Net, subgraph: CommandPart, name: string, input: unknown): Promise<HttpAnswer> {
  const body = JSON.stringify(input);
  // Some commands are for one part alone.
  const part = subgraph === 'gateway' ? deliveryPart : 'leak net';
  const token = signContext(systemPrincipal(net.worlds.a.people.workspaceId, part), {
    audience: `commands:${subgraph}`,
    requestId: crypto.randomUUID(),
    bodySha256: bodyHash(body),
    secrets: parseGatewaySecrets(net.secrets.gatewaySecret),
  });
  return send('POST', `${net.cluster.originOf(subgraph)}/internal/${name}`, { ...json, [contextHeader]: token }, body);
}
