import { expect, test } from '@jest/globals';
import { createTributaryClient } from '../src/index.js';
import { forever, logged, refusal, ScriptedServer, snapshotAt } from './scriptedServer.js';
import type { Script } from './scriptedServer.js';

async function start(script: Script) {
  const server = await ScriptedServer.start(script);
  const client = createTributaryClient({ url: server.url, apiKey: 'a-key', retry: { minDelayMs: 5 }, idleCloseMs: 10 });
  return {
    server,
    client,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const flow = (status: string) => ({ id: 'flow_1', status });

test('a flow that has ended already is answered at once', async () => {
  await using it = await start(async function* () {
    yield snapshotAt(7, { status: 'FAILED', flow: flow('FAILED') });
    await forever();
  });
  expect(await it.client.waitForFlow('flow_1')).toMatchObject(flow('FAILED'));
});

test('a flow is waited for through a cut connection', async () => {
  await using it = await start(async function* ({ after, socket }) {
    if (after === null) {
      yield snapshotAt(0);
      yield logged(1);
      socket.terminate();
    } else {
      yield logged(2, { status: 'SUCCEEDED', flow: flow('SUCCEEDED') });
    }
    await forever();
  });
  expect(await it.client.waitForFlow('flow_1')).toMatchObject(flow('SUCCEEDED'));
});

test('a flow that failed and was started again meanwhile has not ended', async () => {
  await using it = await start(async function* () {
    yield snapshotAt(0);
    yield logged(1, { status: 'FAILED', flow: flow('RUNNING') });
    yield logged(2, { status: 'SUCCEEDED', flow: flow('SUCCEEDED') });
    await forever();
  });
  expect(await it.client.waitForFlow('flow_1')).toMatchObject(flow('SUCCEEDED'));
});

test('a flow that could not be read with its last event is read from a new snapshot', async () => {
  await using it = await start(async function* ({ number }) {
    if (number === 1) {
      yield snapshotAt(0);
      yield logged(1, { status: 'CANCELLED', flow: null });
    } else {
      yield snapshotAt(1, { status: 'CANCELLED', flow: flow('CANCELLED') });
    }
    await forever();
  });
  expect(await it.client.waitForFlow('flow_1')).toMatchObject(flow('CANCELLED'));
});

test('an unknown flow is an error', async () => {
  await using it = await start(() => refusal('RESOURCE_NOT_FOUND'));
  await expect(it.client.waitForFlow('flow_1')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
});

test('the wait can be given up, and ends with its client', async () => {
  await using it = await start(async function* () {
    yield snapshotAt(0);
    await forever();
  });
  await expect(it.client.waitForFlow('flow_1', { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await expect(it.client.waitForFlow('flow_1', { signal: AbortSignal.abort(new Error('Not now.')) })).rejects.toThrow(
    'Not now.',
  );
  const waiting = it.client.waitForFlow('flow_1');
  setTimeout(() => it.client.close(), 50);
  await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
});
