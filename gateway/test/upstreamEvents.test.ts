import { describe, expect, test } from '@jest/globals';
import { upstreamCredit, UpstreamEvents } from '../src/upstream/transports/UpstreamEvents.js';

const event = (sequence: number) => ({ data: { sequence } });

describe('events on their way from a subgraph to a reader', () => {
  test('come in order, whether the reader waits for them or they for the reader', async () => {
    const events = new UpstreamEvents(() => undefined);
    const first = events.next();
    events.push(event(1));
    events.push(event(2));
    events.end();
    expect([await first, await events.next(), await events.next()]).toEqual([
      { value: event(1), done: false },
      { value: event(2), done: false },
      { value: undefined, done: true },
    ]);
  });

  test('a reader that falls too far behind gives up its upstream once, gets what had come, and is told', async () => {
    let released = 0;
    const events = new UpstreamEvents(() => (released += 1));
    for (let sequence = 1; sequence <= 10 * upstreamCredit; sequence += 1) events.push(event(sequence));
    expect(released).toBe(1);
    const read = [];
    for await (const each of events) read.push(each);
    expect(read.slice(0, -1)).toEqual(Array.from({ length: upstreamCredit }, (_none, index) => event(index + 1)));
    expect(read.at(-1)!.errors![0]!.originalError).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { reason: 'slow_reader' },
    });
    await events.return();
    expect(released).toBe(1);
  });

  test('a reader that leaves ends upstream, and its waiting read', async () => {
    let released = 0;
    const events = new UpstreamEvents(() => (released += 1));
    const waiting = events.next();
    await events.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(released).toBe(1);
    events.push(event(1));
    expect(await events.next()).toEqual({ value: undefined, done: true });
  });
});
