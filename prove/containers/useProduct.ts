import { Client, followFlow, outcomeOf, postJson, startDiscovery } from '@tributary/kit/client';
import type { ComposeProject } from './ComposeProject.ts';

/** Does what people do first with a new cluster, over the gateway's container. */
export async function useProduct(project: ComposeProject): Promise<{ steps: number; faults: string[] }> {
  const faults: string[] = [];
  let steps = 0;
  const gateway = project.idOf('gateway');
  const origin = `http://${project.addressOf(gateway)}:4000`;
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    steps += 1;
    await work().catch((error: unknown) => faults.push(`${name}: ${String((error as Error).message ?? error)}`));
  };
  const client = new Client({ origin });
  let flow = '';
  await step('an operator makes a workspace', async () => {
    const said = project.run(project.idOf('workspace'), [
      ...['node', 'operate/dist/adminMain.js', 'create-workspace'],
      ...['--slug', 'acme', '--name', 'Acme', '--owner-email', 'owner@acme.example'],
    ]);
    const token = /token=([\w.~-]+)/.exec(said)?.[1];
    if (!token) throw new Error(said);
    const accepted = await postJson(`${origin}/auth/accept`, { token, password: 'tributary-demo' });
    if (accepted.status !== 200) throw new Error(accepted.text);
  });
  await step('the owner signs in', () => client.authorization());
  await step('an upload becomes a flow that is watched to its end', async () => {
    const content = Buffer.from('name,ip,runs on\nshop,10.0.0.9,vm-1\nvm-1,10.0.0.1,\n');
    flow = await startDiscovery(client, { name: 'estate.csv', content });
    let last = 0;
    for await (const { sequence, type } of followFlow(client, flow)) {
      if (last !== 0 && sequence !== last + 1) throw new Error(`event ${sequence} follows ${last}`);
      last = sequence;
      if (type === 'flow.failed') throw new Error(JSON.stringify(await outcomeOf(client, flow)));
    }
  });
  await step('a page asks all subgraphs at once', async () => {
    const data = await client.ask(
      `query ($id: ID!) { flow(id: $id) { status assets(first: 5) { nodes { name } } metrics { requests } alerts(first: 1) { totalCount } } }`,
      { id: flow },
    );
    if (data.flow.status !== 'SUCCEEDED' || data.flow.assets.nodes.length !== 2) throw new Error(JSON.stringify(data));
  });
  await step('a mutation that is sent again is done once', async () => {
    const mutation = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
    const source = { name: 'mine.csv', format: 'CSV', content: 'name,ip\nweb-1,10.0.0.7\n' };
    const input = { idempotencyKey: 'containers-1', name: 'Mine', source };
    const first = await client.ask(mutation, { input });
    const second = await client.ask(mutation, { input });
    if (first.startDiscovery.flow.id !== second.startDiscovery.flow.id) throw new Error('It was done twice.');
  });
  await step('pages of the console and of health are served', async () => {
    for (const path of ['/console', '/health/ready', '/metrics', '/health']) {
      const { status } = await fetch(new URL(path, origin));
      if (status !== 200) throw new Error(`${path} answered ${status}`);
    }
  });
  client.close();
  return { steps, faults };
}
