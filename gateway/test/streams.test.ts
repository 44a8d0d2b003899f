import { describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-sse';
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
    expect((await reader.read()).value).toBe(':\n\n');
    expect((await reader.read()).value).toBe(':\n\n');
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

  test('a subscription that is asked for as JSON is told what to accept', async () => {
    await using it = await startTestGateway();
    const response = await ask(it, 'subscription { quiet { sequence } }', 'application/json');
    expect(response.status).toBe(406);
    expect(await response.text()).toContain('text/event-stream');
    expect(it.graph.openStreams).toBe(0);
  });
});
