import { describe, expect, test } from '@jest/globals';
import { startTcpProxy } from '@tributary/kit';
import { createClient } from 'graphql-sse';
import { eventStream, HttpStream, multipart } from './support/eventStream.js';
import { startLogGateway } from './support/logGraph.js';
import { eventually } from './support/sockets.js';
import { startTestGateway, type TestGateway } from './support/testGateway.js';

const ask = (it: TestGateway, query: string, accept: string, signal?: AbortSignal) =>
  fetch(it.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer good', accept },
    body: JSON.stringify({ query }),
    ...(signal ? { signal } : {}),
  });

describe('server-sent events', () => {
  test('the graphql-sse client watches a subscription', async () => {
    await using it = await startTestGateway();
    const client = createClient({ url: it.url, headers: { authorization: 'Bearer good' } });
    const seen: unknown[] = [];
    for await (const event of client.iterate({ query: 'subscription { ticks(count: 2) { sequence } }' }))
      seen.push(event);
    expect(seen).toEqual([{ data: { ticks: { sequence: 1 } } }, { data: { ticks: { sequence: 2 } } }]);
    client.dispose();
  });

  test('queries and refusals come as one event and the end', async () => {
    await using it = await startTestGateway();
    expect(await (await ask(it, '{ flow(id: 1) { id } }', 'text/event-stream')).text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"flow":{"id":"1"}}}\n\nevent: complete\ndata:\n\n',
    );
    expect(await (await ask(it, '{ nothing }', 'text/event-stream')).text()).toMatch(
      /event: next\ndata: {"errors":\[{.*INVALID_INPUT.*}\n\nevent: complete/s,
    );
  });

  test('a quiet stream sends comments, and ends upstream when its client goes', async () => {
    await using it = await startTestGateway({ settings: { sockets: { keepAliveMs: 30 } } });
    const controller = new AbortController();
    const response = await ask(it, 'subscription { quiet { sequence } }', 'text/event-stream', controller.signal);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.length < 2 * ':\n\n'.length) text += (await reader.read()).value!;
    expect(text).toMatch(/^(:\n\n){2,}$/);
    controller.abort();
    await eventually(() => it.graph.openStreams === 0);
  });
});

describe('multipart subscriptions', () => {
  test('come in the parts that Apollo Client reads', async () => {
    await using it = await startTestGateway();
    const response = await ask(
      it,
      'subscription { ticks(count: 2) { sequence } }',
      'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json',
    );
    expect(response.headers.get('content-type')).toMatch(/^multipart\/mixed; ?boundary="graphql"/);
    const parts = (await response.text()).split('--graphql').slice(1);
    expect(parts.at(-1)).toBe('--\r\n');
    expect(parts.slice(0, -1).map((part) => JSON.parse(part.slice(part.indexOf('\r\n\r\n'))) as unknown)).toEqual([
      { payload: { data: { ticks: { sequence: 1 } } } },
      { payload: { data: { ticks: { sequence: 2 } } } },
    ]);
  });

  test('an error that refuses the operation comes in a payload, one that ends the stream beside a null payload', async () => {
    await using it = await startTestGateway();
    const refused = await HttpStream.open(it.url, 'multipart/mixed;subscriptionSpec=1.0', {
      body: { query: '{ no }' },
    });
    await eventually(() => refused.ended === 'completed');
    expect(refused.events.map(({ data }) => data)).toMatchObject([
      { payload: { errors: [{ extensions: { code: 'INVALID_INPUT' } }] } },
    ]);
    const broken = await HttpStream.open(it.url, multipart, {
      body: { query: 'subscription { broken { sequence } }' },
    });
    await eventually(() => broken.ended === 'completed');
    expect(broken.events.map(({ data }) => data)).toMatchObject([
      { payload: { data: { broken: { sequence: 1 } } } },
      { payload: null, errors: [{ extensions: { code: 'DATABASE_ERROR' } }] },
    ]);
  });

  test('are complete as soon as they are written: the delimiter behind a part does not wait for the next', async () => {
    await using it = await startTestGateway({ settings: { sockets: { keepAliveMs: 60_000 } } });
    const query = 'subscription { ticks(count: 2, everyMs: 1000) { sequence } }';
    const stream = await HttpStream.open(it.url, multipart, { body: { query } });
    await eventually(() => stream.events.length === 1);
    stream.stop();
  });

  test('a quiet one sends empty parts', async () => {
    await using it = await startTestGateway({ settings: { sockets: { keepAliveMs: 30 } } });
    const stream = await HttpStream.open(it.url, multipart, { body: { query: 'subscription { quiet { sequence } }' } });
    await eventually(() => stream.received.filter(({ type }) => type === 'heartbeat').length >= 2);
    stream.stop();
    await eventually(() => it.graph.openStreams === 0);
  });
});

const progress =
  'subscription ($after: Cursor) { flowProgress(flowId: 1, after: $after) { type sequence cursor previousCursor } }';
const summary = (stream: HttpStream) =>
  stream.events.map(({ id, data }) => [id, data.data?.flowProgress.type, data.data?.flowProgress.sequence]);

describe('a stream over HTTP that goes on', () => {
  test.each([
    ['a variable', progress],
    ['a document without `after`', 'subscription { flowProgress(flowId: 1) { type sequence previousCursor } }'],
    ['`after` in the document', 'subscription { flowProgress(flowId: 1, after: "c1") { type sequence } }'],
    ['`after: null`', 'subscription { flowProgress(after: null, flowId: 1) { type sequence } }'],
    ['a fragment', 'subscription { ...F } fragment F on Subscription { flowProgress(flowId: 1) { type sequence } }'],
  ])('each event has its cursor as id, and Last-Event-ID goes on behind it, with %s', async (_title, query) => {
    await using it = await startLogGateway();
    it.log.append(5);
    const post = await HttpStream.open(it.url, eventStream, { body: { query }, headers: { 'last-event-id': 'c3' } });
    await eventually(() => post.events.length === 2);
    expect(summary(post)).toEqual([
      ['c4', 'progress', 4],
      ['c5', 'progress', 5],
    ]);
    const get = await HttpStream.open(it.url, eventStream, { search: { query }, headers: { 'last-event-id': 'c4' } });
    await eventually(() => get.events.length === 1);
    it.log.append();
    await eventually(() => get.events.length === 2);
    expect(summary(get)).toEqual([
      ['c5', 'progress', 5],
      ['c6', 'progress', 6],
    ]);
    post.stop();
    get.stop();
  });

  test('what was written into the document still says where it begins', async () => {
    await using it = await startLogGateway();
    it.log.append(3);
    const query = 'subscription { flowProgress(flowId: 1, after: "c1") { type sequence } }';
    const stream = await HttpStream.open(it.url, eventStream, { body: { query } });
    await eventually(() => stream.events.length === 2);
    expect(summary(stream)).toEqual([
      ['c2', 'progress', 2],
      ['c3', 'progress', 3],
    ]);
    stream.stop();
  });

  test('Last-Event-ID is what this client saw last, and stands above the `after` that it first asked with', async () => {
    await using it = await startLogGateway();
    it.log.append(5);
    const body = { query: progress, variables: { after: 'c1' } };
    const stream = await HttpStream.open(it.url, multipart, { body, headers: { 'last-event-id': 'c4' } });
    await eventually(() => stream.events.length === 1);
    expect(stream.events[0]!.data.payload.data.flowProgress.sequence).toBe(5);
    stream.stop();
  });

  test('a malformed Last-Event-ID is INVALID_INPUT, one that the stream does not hold a reset', async () => {
    await using it = await startLogGateway();
    it.log.append(5);
    const open = (id: string) =>
      HttpStream.open(it.url, eventStream, { body: { query: progress }, headers: { 'last-event-id': id } });
    const malformed = await open('nonsense');
    await eventually(() => malformed.ended === 'completed');
    expect(malformed.received.slice(1)).toMatchObject([
      { type: 'next', id: null, data: { errors: [{ extensions: { code: 'INVALID_INPUT' } }] } },
      { type: 'complete' },
    ]);
    const foreign = await open('c900');
    await eventually(() => foreign.events.length === 1);
    expect(summary(foreign)).toEqual([['c5', 'stream.reset', 5]]);
    foreign.stop();
  });

  test('graphql-sse comes back by itself and goes on, when its headers say what came last', async () => {
    await using it = await startLogGateway({ settings: { live: { shared: false } } });
    await using proxy = await startTcpProxy(Number(new URL(it.url).port));
    it.log.append();
    let last: string | null = null;
    const client = createClient({
      url: `http://127.0.0.1:${proxy.port}/graphql`,
      retry: () => Promise.resolve(),
      headers: () => ({ authorization: 'Bearer good', ...(last === null ? {} : { 'last-event-id': last }) }),
    });
    const seen: number[] = [];
    for await (const { data } of client.iterate<{ flowProgress: { sequence: number; cursor: string } }>({
      query: progress,
      variables: { after: 'c0' },
    })) {
      last = data!.flowProgress.cursor;
      seen.push(data!.flowProgress.sequence);
      if (seen.length === 3) break;
      await proxy.cut();
      await proxy.resume();
      it.log.append();
    }
    expect(seen).toEqual([1, 2, 3]);
    client.dispose();
  });
});

describe('a subscription that is asked for as JSON', () => {
  test.each(['application/json', 'application/graphql-response+json'])(
    'is told what to accept, as %s',
    async (accept) => {
      await using it = await startTestGateway();
      const response = await ask(it, 'subscription { ticks(count: 5, everyMs: 10) { sequence } }', accept);
      expect(response.status).toBe(406);
      expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
      expect(await response.json()).toMatchObject({
        errors: [{ message: expect.stringContaining('text/event-stream'), extensions: { code: 'INVALID_INPUT' } }],
      });
      await eventually(() => it.graph.openStreams === 0);
    },
  );

  test.each(['application/json', 'application/graphql-response+json'])(
    'and could not be read is told why, as %s',
    async (accept) => {
      await using it = await startTestGateway();
      const response = await fetch(it.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer good', accept },
        body: '{',
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
    },
  );

  test.each([
    ['application/json', 200],
    ['application/graphql-response+json', 404],
  ])('and is refused is told why, as %s', async (accept, status) => {
    await using it = await startLogGateway();
    const response = await ask(it, 'subscription { flowProgress(flowId: "none") { type } }', accept);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'RESOURCE_NOT_FOUND' } }] });
  });
});
