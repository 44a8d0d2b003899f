import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tributary/kit';
import { Client, followFlow, outcomeOf, postJson, sendOperation, startDiscovery } from '@tributary/kit/client';

export interface ProductInUse {
  /** Of the gateway. */
  readonly origin: string;
  /** Runs `npm run admin -- …` on its database and answers what it said. */
  readonly admin: (args: readonly string[]) => string;
}

export interface Used {
  readonly steps: number;
  readonly faults: readonly string[];
}

const estate = 'name,ip,runs on\nshop,10.0.0.9,vm-1\nvm-1,10.0.0.1,\n';

/** Does what people do with a new cluster, once each: a step for every part of it. */
export async function useProduct({ origin, admin }: ProductInUse): Promise<Used> {
  const faults: string[] = [];
  let steps = 0;
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    steps += 1;
    await work().catch((error: unknown) => faults.push(`${name}: ${String((error as Error).message ?? error)}`));
  };
  const client = new Client({ origin });
  let flow = '';
  let asset = { id: '', version: 0 };
  await step('an operator makes a workspace', async () => {
    const said = admin(['create-workspace', '--slug', 'acme', '--name', 'Acme', '--owner-email', 'owner@acme.example']);
    const token = /token=([\w.~-]+)/.exec(said)?.[1];
    need(token, said);
    const accepted = await postJson(`${origin}/auth/accept`, { token, password: 'tributary-demo' });
    need(accepted.status === 200, accepted.text);
  });
  await step('the owner signs in', () => client.authorization());
  await step('an upload becomes a flow that is watched to its end', async () => {
    flow = await startDiscovery(client, { name: 'estate.csv', content: Buffer.from(estate) });
    let last = 0;
    for await (const { sequence, type } of followFlow(client, flow)) {
      need(last === 0 || sequence === last + 1, `event ${sequence} follows ${last}`);
      last = sequence;
      need(type !== 'flow.failed', await outcomeOf(client, flow));
    }
  });
  await step('a page asks all subgraphs at once', async () => {
    const data = await client.ask(
      `query ($id: ID!) { flow(id: $id) { status assets(first: 5) { nodes { id version name } } metrics { requests } alerts(first: 1) { totalCount } } }`,
      { id: flow },
    );
    need(data.flow.status === 'SUCCEEDED' && data.flow.assets.nodes.length === 2, data);
    asset = data.flow.assets.nodes.find(({ name }: { name: string }) => name === 'shop');
  });
  await step('a list comes page by page', async () => {
    const page = 'query ($after: Cursor) { assets(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }';
    const { assets: first } = await client.ask(page);
    const { assets: second } = await client.ask(page, { after: first.pageInfo.endCursor });
    need(second.nodes.length === 1 && second.nodes[0].id !== first.nodes[0].id, [first, second]);
  });
  await step('a person changes an asset, and a change of what has changed since is refused', async () => {
    const change = 'mutation ($input: UpdateAssetInput!) { updateAsset(input: $input) { asset { version } } }';
    const input = { ...asset, department: 'Sales' };
    const data = await client.ask(change, { input });
    need(data.updateAsset.asset.version === asset.version + 1, data);
    const { errors } = await client.send(change, { input });
    need(errors?.[0]?.extensions?.code === 'RESOURCE_CONFLICT', errors);
  });
  await step('a mutation that is sent again is done once', async () => {
    const mutation = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
    const source = { name: 'mine.csv', format: 'CSV', content: 'name,ip\nweb-1,10.0.0.7\n' };
    const input = { idempotencyKey: 'first-use-1', name: 'Mine', source };
    const first = await client.ask(mutation, { input });
    const second = await client.ask(mutation, { input });
    need(first.startDiscovery.flow.id === second.startDiscovery.flow.id, 'It was done twice.');
  });
  await step('traces become figures, and an alert that a person acknowledges', async () => {
    const watching = client.watch('subscription { alertUpdates { type alert { id } } }', {});
    await watching.next();
    await client.ask('mutation ($rule: AlertRuleInput!) { createAlertRule(input: { rule: $rule }) { rule { id } } }', {
      rule,
    });
    const ingest = 'mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }';
    const { ingestTraces } = await client.ask(ingest, { traces: someTraces() });
    need(ingestTraces.accepted === traceCount, ingestTraces);
    const range = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
    const figures =
      'query ($range: TimeRange!) { kpis(range: $range, filter: { agent: ["first-use"] }) { requests { value } errorRate { value } } }';
    await eventually(async () => {
      const { kpis } = await client.ask(figures, { range });
      need(kpis.requests.value === traceCount && kpis.errorRate.value === 0.5, kpis);
    });
    const { data } = (await watching.next()).value!;
    need(data.alertUpdates.type === 'alert.fired', data);
    const acknowledge =
      'mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { status } } }';
    const done = await client.ask(acknowledge, { input: { id: data.alertUpdates.alert.id, comment: 'seen' } });
    need(done.acknowledgeAlert.alert.status === 'ACKNOWLEDGED', done);
    await watching.return(undefined);
  });
  await step('an API key is used, and worth nothing two seconds after it is revoked', async () => {
    const make = 'mutation { createApiKey(input: { name: "first", scopes: ["flow.read"] }) { secret apiKey { id } } }';
    const { secret, apiKey } = (await client.ask(make)).createApiKey;
    const ask = async () => {
      const { text } = await sendOperation(
        origin,
        { 'x-api-key': secret },
        { query: '{ flows(first: 1) { nodes { id } } }' },
      );
      return JSON.parse(text) as { data?: { flows: unknown }; errors?: unknown[] };
    };
    need((await ask()).data?.flows, 'The key was refused.');
    const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }';
    await client.ask(revoke, { id: apiKey.id });
    await delay(2_000);
    need((await ask()).errors?.length, 'The key was still taken.');
  });
  await step('a person is invited, and the audit trail says who did what', async () => {
    const input = { email: 'ben@acme.example', displayName: 'Ben', role: 'OPERATOR' };
    const invite = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }';
    await client.ask(invite, { input });
    const { viewer } = await client.ask('{ viewer { workspace { auditLog(first: 50) { nodes { action } } } } }');
    const said = JSON.stringify(viewer.workspace.auditLog.nodes);
    need(/asset/i.test(said) && /key/i.test(said) && /invite/i.test(said), said);
  });
  await step('health and figures are served', async () => {
    for (const path of ['/health/ready', '/metrics', '/health']) {
      const { status } = await fetch(new URL(path, origin));
      need(status === 200, `${path} answered ${status}`);
    }
  });
  client.close();
  return { steps, faults };
}

const traceCount = 20;
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
  return Array.from({ length: traceCount }, (_, n) => ({
    externalId: `first-use-${n}`,
    startedAt: new Date(now - n * 1_000).toISOString(),
    durationMs: 100 + n,
    status: n % 2 ? 'ERROR' : 'OK',
    agent: 'first-use',
    operation: 'run',
  }));
}

function need(holds: unknown, otherwise: unknown): void {
  if (!holds) throw new Error(typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise));
}
