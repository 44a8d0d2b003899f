import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startTcpProxy } from '@tributary/kit';
import type { TcpProxy } from '@tributary/kit';
import { cursorsOf } from '../../test/e2e/cursorsOf.js';
import { servers, startDiscovery } from '../../test/e2e/documents.js';
import { startSystem } from '../../test/e2e/harness.js';
import type { Session, System } from '../../test/e2e/harness.js';
import { createTributaryClient, hasEnded } from '../src/index.js';
import type { FlowEvent, TributaryClient } from '../src/index.js';

const createFlow = `mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }`;
const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id status } } }`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function readToEnd(events: AsyncIterable<FlowEvent>): Promise<FlowEvent[]> {
  const seen: FlowEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    // The end of the last phase says already that the flow has ended.
    if (event.type === 'flow.finished') break;
  }
  return seen;
}

describe('a client of the whole system, behind a network that breaks', () => {
  let system: System;
  let owner: Session;
  let proxy: TcpProxy;

  beforeAll(async () => {
    system = await startSystem('embedded');
    owner = await system.signIn();
    proxy = await startTcpProxy(Number(new URL(system.url).port));
  }, 120_000);
  afterAll(async () => {
    await proxy?.close();
    await system?.close();
  });

  function connect(): { client: TributaryClient; connections: () => number } & Disposable {
    let connections = 0;
    const client = createTributaryClient({
      url: `http://127.0.0.1:${proxy.port}/graphql`,
      authorization: async () => (await system.signIn()).accessToken,
      retry: { minDelayMs: 20, maxDelayMs: 200 },
      pingAfterMs: 100,
      pongTimeoutMs: 150,
      connectTimeoutMs: 400,
      idleCloseMs: 50,
      onState: ({ status }) => {
        if (status === 'connected') connections += 1;
      },
    });
    return { client, connections: () => connections, [Symbol.dispose]: () => client.close() };
  }

  test('gives each event of a flow exactly once and in order, while the connection is cut and hangs', async () => {
    using it = connect();
    const { flow } = (
      await owner.ask(createFlow, { input: { kind: 'crew', name: 'A crew', phases: ['survey', 'move'] } })
    ).createFlow;
    const one = readToEnd(it.client.flowProgress(flow.id as string));
    const other = readToEnd(it.client.flowProgress(flow.id as string));
    const life = it.client.flowUpdates({ filter: { flowId: [flow.id as string] } });
    const lifeSeen = (async () => {
      const types: string[] = [];
      for await (const event of life) {
        types.push(event.type);
        if (hasEnded(event.status)) return types;
      }
      return types;
    })();
    await eventually(() => expect(it.connections()).toBe(1));

    let running = true;
    const breaking = (async () => {
      for (let round = 0; running; round += 1) {
        await pause(150);
        if (round % 2 === 0) await proxy.cut();
        else proxy.stall();
        await pause(round % 2 === 0 ? 50 : 400);
        await proxy.resume();
        await pause(150);
      }
    })();
    for (const phase of ['survey', 'move']) {
      for (let step = 1; step <= 80; step += 1) {
        const done = step === 80;
        await owner.ask(report, {
          input: { flowId: flow.id, phase, status: done ? 'SUCCEEDED' : 'RUNNING', progress: step / 80 },
        });
        await pause(15);
      }
    }
    running = false;
    await breaking;

    const truth = await cursorsOf(owner, flow.id as string);
    expect(truth.length).toBeGreaterThan(150);
    for (const seen of [await one, await other]) {
      expect(seen[0]!.type).toBe('stream.snapshot');
      expect(seen.slice(1).map((event) => event.cursor)).toEqual(truth.slice(truth.indexOf(seen[0]!.cursor) + 1));
      expect(seen.every((event, index) => index === 0 || event.previousCursor === seen[index - 1]!.cursor)).toBe(true);
    }
    const types = await lifeSeen;
    expect(types[0]).toBe('stream.snapshot');
    expect(types.filter((type) => type === 'phase.finished')).toHaveLength(2);
    expect(it.connections()).toBeGreaterThan(3);
    await eventually(() => expect(proxy.connections).toBe(0));
  }, 90_000);

  test('waits for a discovery while its connection is cut', async () => {
    using it = connect();
    const input = {
      name: 'Waited for',
      source: { name: 'waited.csv', format: 'CSV', content: servers(1_500, 'waited') },
    };
    const id = (await owner.ask(startDiscovery, { input })).startDiscovery.flow.id as string;
    const waiting = it.client.waitForFlow(id);
    await eventually(() => expect(it.connections()).toBe(1));
    await proxy.cut();
    await pause(100);
    await proxy.resume();
    expect(await waiting).toMatchObject({ id, status: 'SUCCEEDED', progress: 1, failure: null });
    // Now it has ended already.
    expect(await it.client.waitForFlow(id)).toMatchObject({ id, status: 'SUCCEEDED' });
  }, 60_000);

  test('is refused another workspace’s flow as one that does not exist, and a cursor of another stream with a reset', async () => {
    using it = connect();
    const foreign = await (
      await system.signIn('owner', 'globex')
    ).ask(createFlow, { input: { kind: 'crew', name: 'Theirs', phases: ['a'] } });
    await expect(it.client.waitForFlow(foreign.createFlow.flow.id as string)).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    const alerts = it.client.alertUpdates();
    const { value } = await alerts.next();
    expect(value).toMatchObject({ type: 'stream.snapshot', alert: null });
    const { flow } = (await owner.ask(createFlow, { input: { kind: 'crew', name: 'Ours', phases: ['a'] } })).createFlow;
    const reset = await it.client.flowProgress(flow.id as string, { after: value!.cursor }).next();
    expect(reset.value).toMatchObject({ type: 'stream.reset', data: { reason: 'POSITION_UNKNOWN' } });
    await expect(it.client.flowProgress(flow.id as string, { after: 'nonsense' }).next()).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

test('without a token that is good, nothing is tried again', async () => {
  await using system = await startSystem('embedded');
  const client = createTributaryClient({ url: system.url, authorization: 'Bearer of.bad.news' });
  await expect(client.alertUpdates().next()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  client.close();
}, 60_000);
