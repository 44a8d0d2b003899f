import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  assertGapless,
  Client,
  followFlow,
  outcomeOf,
  postJson,
  sendOperation,
  startDiscovery,
} from '@tributary/kit/client';
import { eventually } from '@tributary/kit';

interface SmokeOptions {
  /** Of the gateway. */
  readonly origin: string;
  /** Runs `npm run admin -- …` on the database and answers what it said. */
  readonly admin: (args: readonly string[]) => string | Promise<string>;
  /** Whether it may send to a receiver on this machine. */
  readonly sendsHere: boolean;
}

export interface SmokeStep {
  readonly name: string;
  readonly ms: number;
  /** Null when it went well. */
  readonly fault: string | null;
}

/** What did not go well. */
export function faultsOf(steps: readonly SmokeStep[]): string[] {
  return steps.flatMap(({ name, fault }) => (fault === null ? [] : [`${name}: ${fault}`]));
}

type Step = readonly [name: string, work: () => Promise<void>];

/** Does once what people do with the product, from the first workspace on. */
export async function smoke({ origin, admin, sendsHere }: SmokeOptions): Promise<SmokeStep[]> {
  const client = new Client({ origin });
  const hooks = await Hooks.start();
  let invitation = '';
  let cookie = '';
  let flow = '';
  let asset: { id: string; version: number } = { id: '', version: 0 };
  let key = { id: '', secret: '' };
  const headers = (secret: string) => ({ 'x-api-key': secret });

  const webhookStep: Step = [
    'a webhook sends what happens',
    async () => {
      const webhook = {
        name: 'smoke',
        url: hooks.url,
        document: 'subscription { flowUpdates { sequence type flow { id } } }',
      };
      const made = await client.ask(
        'mutation ($webhook: WebhookInput!) { createWebhook(input: { webhook: $webhook }) { webhook { id } } }',
        { webhook },
      );
      const { id } = made.createWebhook.webhook;
      await eventually(
        async () => {
          const { webhook: known } = await client.ask('query ($id: ID!) { webhook(id: $id) { status } }', { id });
          need(known.status === 'ACTIVE', known);
        },
        { timeoutMs: 40_000 },
      );
      const flowOf = 'mutation { createFlow(input: { kind: "smoke", name: "x", phases: ["a"] }) { flow { id } } }';
      const { createFlow } = await client.ask(flowOf);
      await eventually(
        () =>
          need(
            hooks.bodies.some((body) => body.includes(createFlow.flow.id)),
            hooks.bodies,
          ),
        { timeoutMs: 40_000 },
      );
    },
  ];
  const steps: Step[] = [
    [
      'an operator makes a workspace',
      async () => {
        const owner = ['--owner-email', 'owner@acme.example'];
        const said = await admin(['create-workspace', '--slug', 'acme', '--name', 'Acme', ...owner]);
        invitation = /token=([\w.~-]+)/.exec(said)?.[1] ?? '';
        need(invitation !== '', said);
      },
    ],
    [
      'its owner accepts the invitation',
      async () => {
        const { status, text } = await postJson(`${origin}/auth/accept`, {
          token: invitation,
          password: 'tributary-demo',
        });
        need(status === 200, text);
      },
    ],
    [
      'the owner signs in',
      async () => {
        const account = { email: 'owner@acme.example', password: 'tributary-demo' };
        const { status, text, headers: sent } = await postJson(`${origin}/auth/login`, account);
        need(status === 200, text);
        cookie = sent
          .getSetCookie()
          .map((each) => each.split(';')[0])
          .join('; ');
      },
    ],
    [
      'the session goes on with its refresh token',
      async () => {
        const { status, text } = await postJson(`${origin}/auth/refresh`, {}, { cookie, origin });
        need(status === 200, text);
      },
    ],
    [
      'an upload becomes a flow, watched over a subscription to its end',
      async () => {
        const content = Buffer.from('name,ip,runs on\nshop,10.0.0.9,vm-1\nvm-1,10.0.0.1,\n');
        flow = await startDiscovery(client, { name: 'estate.csv', content });
        const events = [];
        for await (const event of followFlow(client, flow)) events.push(event);
        assertGapless(events);
        const outcome = await outcomeOf(client, flow);
        need(outcome.status === 'SUCCEEDED', outcome);
      },
    ],
    [
      'a page asks all subgraphs at once',
      async () => {
        const data = await client.ask(
          `query ($id: ID!) { flow(id: $id) { status assets(first: 5) { nodes { id version name dependencies(first: 3) { totalCount } } }
             metrics { requests } alerts(first: 1) { totalCount } } viewer { user { displayName } } }`,
          { id: flow },
        );
        need(data.flow.status === 'SUCCEEDED' && data.flow.assets.nodes.length === 2, data);
        asset = data.flow.assets.nodes.find(({ name }: { name: string }) => name === 'shop');
      },
    ],
    [
      'lists come page by page, are searched and counted',
      async () => {
        const list = `query ($after: Cursor) { assets(first: 1, after: $after) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`;
        const first = (await client.ask(list)).assets;
        const second = (await client.ask(list, { after: first.pageInfo.endCursor })).assets;
        need(first.totalCount === 2 && second.nodes.length === 1 && second.nodes[0].id !== first.nodes[0].id, [
          first,
          second,
        ]);
        const found = await client.ask(
          '{ assets(first: 5, filter: { search: "shop" }) { nodes { name } } flows(first: 5) { nodes { id } } }',
        );
        need(found.assets.nodes.length === 1 && found.flows.nodes.length === 1, found);
      },
    ],
    [
      'a person changes an asset',
      async () => {
        const input = { id: asset.id, version: asset.version, department: 'Sales' };
        const data = await client.ask(change, { input });
        need(data.updateAsset.asset.version === asset.version + 1, data);
      },
    ],
    [
      'a change of what has changed since is refused',
      async () => {
        const { errors } = await client.send(change, {
          input: { id: asset.id, version: asset.version, department: 'IT' },
        });
        need(errors?.[0]?.extensions?.code === 'RESOURCE_CONFLICT', errors);
      },
    ],
    [
      'a mutation that is sent again is done once',
      async () => {
        const input = {
          name: 'Mine',
          source: { name: 'mine.csv', format: 'CSV', content: 'name,ip\nweb-1,10.0.0.7\n' },
          idempotencyKey: 'smoke-1',
        };
        const once = await client.ask(start, { input });
        const again = await client.ask(start, { input });
        need(once.startDiscovery.flow.id === again.startDiscovery.flow.id, [once, again]);
        for await (const _ of followFlow(client, once.startDiscovery.flow.id));
      },
    ],
    [
      'the same source again sees the same assets',
      async () => {
        const content = Buffer.from('name,ip,runs on\nshop,10.0.0.9,vm-1\nvm-1,10.0.0.1,\n');
        const again = await startDiscovery(client, { name: 'estate.csv', content });
        for await (const _ of followFlow(client, again));
        const { assets } = await client.ask('{ assets(first: 9) { totalCount } }');
        need(assets.totalCount === 3, assets);
      },
    ],
    [
      'traces come in, and once',
      async () => {
        const ingest =
          'mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted duplicates } }';
        const traces = someTraces();
        need((await client.ask(ingest, { traces })).ingestTraces.accepted === 20, 'not all were accepted');
        need((await client.ask(ingest, { traces })).ingestTraces.duplicates === 20, 'they were accepted twice');
      },
    ],
    [
      'traces become figures',
      async () => {
        const range = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
        await eventually(async () => {
          const { kpis } = await client.ask(
            `query ($range: TimeRange!) { kpis(range: $range, filter: { agent: ["smoke"] }) { requests { value } errorRate { value } latencyMs { p50 } } }`,
            { range },
          );
          need(kpis.requests.value === 20 && kpis.errorRate.value === 0.5, kpis);
        });
      },
    ],
    [
      'a rule over figures becomes an alert, which a person acknowledges',
      async () => {
        const watching = client.watch('subscription { alertUpdates { type alert { id } } }', {});
        await watching.next();
        await client.ask(
          'mutation ($rule: AlertRuleInput!) { createAlertRule(input: { rule: $rule }) { rule { id } } }',
          { rule },
        );
        const { data } = (await watching.next()).value!;
        need(data.alertUpdates.type === 'alert.fired', data);
        const input = { id: data.alertUpdates.alert.id, comment: 'seen' };
        const done = await client.ask(
          'mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { status } } }',
          { input },
        );
        need(done.acknowledgeAlert.alert.status === 'ACKNOWLEDGED', done);
        await watching.return(undefined);
      },
    ],
    webhookStep,
    [
      'an API key is made and used',
      async () => {
        const made = await client.ask(
          'mutation { createApiKey(input: { name: "smoke", scopes: ["flow.read"] }) { secret apiKey { id } } }',
        );
        key = { id: made.createApiKey.apiKey.id, secret: made.createApiKey.secret };
        const { text } = await sendOperation(origin, headers(key.secret), {
          query: '{ flows(first: 1) { nodes { id } } }',
        });
        need(JSON.parse(text).data?.flows.nodes.length === 1, text);
      },
    ],
    [
      'a key that is revoked is worth nothing after two seconds',
      async () => {
        await client.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }', { id: key.id });
        await delay(2_000);
        const { text } = await sendOperation(origin, headers(key.secret), {
          query: '{ flows(first: 1) { nodes { id } } }',
        });
        need(JSON.parse(text).errors?.length > 0, text);
      },
    ],
    [
      'a person is invited, and the audit trail says who did what',
      async () => {
        await client.ask(
          'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }',
          {
            input: { email: 'ben@acme.example', displayName: 'Ben', role: 'OPERATOR' },
          },
        );
        const { viewer } = await client.ask('{ viewer { workspace { auditLog(first: 50) { nodes { action } } } } }');
        const { auditLog } = viewer.workspace;
        const actions = new Set(auditLog.nodes.map(({ action }: { action: string }) => action));
        need(
          ['asset.update', 'apiKey.revoke', 'invite'].every((action) =>
            [...actions].some((each) => String(each).toLowerCase().includes(action.split('.')[0]!.toLowerCase())),
          ),
          [...actions],
        );
      },
    ],
    [
      'console, health and metrics are served',
      async () => {
        for (const path of ['/health/ready', '/health', '/metrics']) {
          const { status } = await fetch(new URL(path, origin));
          need(status === 200, `${path} answered ${status}`);
        }
      },
    ],
  ];

  const done: SmokeStep[] = [];
  for (const [name, work] of steps.filter((step) => sendsHere || step !== webhookStep)) {
    const begun = performance.now();
    const fault = await work().then(
      () => null,
      (error: unknown) => String((error as Error).message ?? error),
    );
    done.push({ name, ms: performance.now() - begun, fault });
  }
  client.close();
  await hooks[Symbol.asyncDispose]();
  return done;
}

const change = 'mutation ($input: UpdateAssetInput!) { updateAsset(input: $input) { asset { id version } } }';
const start = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
const rule = {
  name: 'Too many errors',
  metric: 'ERROR_RATE',
  comparison: 'ABOVE',
  threshold: 0.2,
  windowSeconds: 300,
  severity: 'CRITICAL',
  everySeconds: 10,
  delaySeconds: 0,
};

function someTraces(): object[] {
  const now = Date.now();
  return Array.from({ length: 20 }, (_, n) => ({
    externalId: `smoke-${now}-${n}`,
    startedAt: new Date(now - n * 1_000).toISOString(),
    durationMs: 100 + n,
    status: n % 2 ? 'ERROR' : 'OK',
    agent: 'smoke',
    operation: 'run',
  }));
}

function need(holds: boolean, otherwise: unknown): void {
  if (!holds) throw new Error(typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise));
}

/** Takes webhooks on this machine. */
class Hooks implements AsyncDisposable {
  readonly bodies: string[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  static async start(): Promise<Hooks> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        hooks.bodies.push(body);
        response.end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const hooks = new Hooks(server);
    return hooks;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
