import { describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { StoredOperations } from '@tributary/gateway';
import { startTestGateway } from '../../gateway/test/support/testGateway.js';
import type { OperationDocument } from '../src/index.js';
import { sha256Id } from '../src/index.js';
import { clientOf, upTo } from './quickClient.js';
import { cursorOf, forever, honest, ScriptedServer } from './scriptedServer.js';

const readFlow = 'query ($id: ID!) { flow(id: $id) { name } }';
const pauseFlow = 'mutation ($input: FlowActionInput!) { pauseFlow(input: $input) { flow { id } } }';
const paused = { input: { id: 'flow_1', idempotencyKey: 'once' } };
const progress =
  'subscription ($flowId: ID!, $after: Cursor) { flowProgress(flowId: $flowId, after: $after) { sequence cursor previousCursor type message } }';

const noStream = () => honest(null, 0);
const start = (answer: Parameters<typeof ScriptedServer.start>[2]) => ScriptedServer.start(noStream, undefined, answer);

describe('request', () => {
  test('asks a query over the socket, with its variables, and gives data and the errors beside it', async () => {
    const errors = [{ message: 'Not now.', path: ['flow', 'metrics'], extensions: { code: 'SERVICE_UNAVAILABLE' } }];
    await using server = await start(() => ({ data: { flow: { name: 'Mine' } }, errors }));
    using client = clientOf(server);
    expect(await client.request<{ flow: { name: string } }>(readFlow, { variables: { id: 'flow_1' } })).toMatchObject({
      data: { flow: { name: 'Mine' } },
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    expect(server.questions).toMatchObject([{ variables: { id: 'flow_1' } }]);
  });

  test('asks a query again when the connection goes before its answer', async () => {
    await using server = await start(({ number, socket }) => {
      if (number > 1) return { data: { flow: { name: 'Mine' } } };
      socket.terminate();
      return forever();
    });
    using client = clientOf(server);
    expect((await client.request(readFlow, { variables: { id: 'flow_1' } })).data).toEqual({ flow: { name: 'Mine' } });
    expect(server.questions).toHaveLength(2);
  });

  test('never sends a mutation twice: it says that nobody knows whether it happened', async () => {
    await using server = await start(({ socket }) => {
      socket.terminate();
      return forever();
    });
    using client = clientOf(server);
    await expect(client.request(pauseFlow, { variables: paused })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(server.questions).toHaveLength(1);
  });

  test('rejects with the server’s code when a document is refused as a whole', async () => {
    await using server = await start(() => ({ data: {} }));
    using client = clientOf(server);
    await expect(client.request('{ nothingOfThisName }')).rejects.toMatchObject({
      name: 'TributaryError',
      code: 'INVALID_INPUT',
    });
  });

  test('ends with its signal, and lets the socket go', async () => {
    await using server = await start(() => forever());
    using client = clientOf(server);
    const leaving = new AbortController();
    const asked = client.request(readFlow, { variables: { id: 'flow_1' }, signal: leaving.signal });
    await eventually(() => expect(server.questions).toHaveLength(1));
    leaving.abort(new Error('The page was left.'));
    await expect(asked).rejects.toThrow('The page was left.');
    await eventually(() => expect(server.openSockets).toBe(0));
  });

  test('rejects when the client is closed', async () => {
    await using server = await start(() => forever());
    using client = clientOf(server);
    const asked = client.request(readFlow, { variables: { id: 'flow_1' } });
    await eventually(() => expect(server.questions).toHaveLength(1));
    client.close();
    await expect(asked).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });
});

describe('follow', () => {
  test('gives every event of any document once and in order, through a cut connection', async () => {
    await using server = await ScriptedServer.start(async function* ({ after, number, socket }) {
      yield* honest(after, number === 1 ? 3 : 6);
      if (number === 1) socket.terminate();
      await forever();
    });
    using client = clientOf(server);
    const seen: number[] = [];
    for await (const event of client.follow(progress, { variables: { flowId: 'flow_1' } })) {
      if (event.type !== 'stream.snapshot') seen.push(event.sequence);
      if (event.sequence === 6) break;
    }
    expect(seen).toEqual(upTo(6));
    expect(server.subscribers.map(({ after }) => after)).toEqual([null, cursorOf(3)]);
  });

  test('knows the types of a document that codegen made', async () => {
    await using server = await ScriptedServer.start(({ after }) => honest(after, 1));
    using client = clientOf(server);
    type Data = { flowProgress: { sequence: number; cursor: string; type: string } };
    const document: OperationDocument<Data, { flowId: string; after?: string | null }> = { toString: () => progress };
    for await (const event of client.follow(document, { variables: { flowId: 'flow_1' }, after: cursorOf(0) })) {
      const sequence: number = event.sequence;
      expect(sequence).toBe(1);
      break;
    }
  });

  test('says what a document lacks that cannot be resumed', async () => {
    await using server = await ScriptedServer.start(async function* () {
      yield { sequence: 1 } as never;
      await forever();
    });
    using client = clientOf(server);
    const events = client.follow('subscription { flowUpdates { sequence } }');
    await expect(events.next()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('the id of a stored operation', () => {
  test('is sent in place of its text, and is the SHA-256 that npm run operations writes', async () => {
    const body = '{ whoAmI }';
    const storedOperations = new StoredOperations();
    const operations = [{ id: await sha256Id(body), body }];
    storedOperations.addManifest({ format: 'apollo-persisted-query-manifest', version: 1, operations }, 'test');
    await using gateway = await startTestGateway({ storedOperations });
    using client = clientOf({ url: gateway.url }, { authorization: 'Bearer good', documentId: sha256Id });
    expect((await client.request(body)).data).toMatchObject({ whoAmI: expect.stringContaining('OWNER') });
    // As a text it would run: only stored ids can be unknown.
    await expect(client.request('{ __typename }')).rejects.toMatchObject({ code: 'OPERATION_NOT_STORED' });
  });

  test('that cannot be found ends an iteration with the reason', async () => {
    await using server = await ScriptedServer.start(noStream);
    using client = clientOf(server, {
      documentId: () => {
        throw new Error('no such document');
      },
    });
    await expect(client.flowProgress('flow_1').next()).rejects.toThrow('no such document');
  });
});
