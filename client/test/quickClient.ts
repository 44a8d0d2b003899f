import { createTributaryClient } from '../src/index.js';
import type { ConnectionState, FlowEvent, TributaryClientOptions } from '../src/index.js';

/** Waits that suit a test. */
export const quick = { retry: { minDelayMs: 5, maxDelayMs: 40 }, idleCloseMs: 20 };
export const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

export function clientOf(server: { url: string }, more: Partial<TributaryClientOptions> = {}) {
  const states: ConnectionState[] = [];
  const client = createTributaryClient({
    url: server.url,
    authorization: 'a.token',
    ...quick,
    onState: (state) => states.push(state),
    ...more,
  } as TributaryClientOptions);
  return Object.assign(client, { states, [Symbol.dispose]: () => client.close() });
}

/** Reads to the event `last`; the numbers of what was delivered, snapshots and resets left out. */
export async function readTo(
  events: AsyncIterable<FlowEvent>,
  last: number,
  seen: FlowEvent[] = [],
): Promise<number[]> {
  for await (const event of events) {
    seen.push(event);
    if (event.sequence === last && !event.type.startsWith('stream.')) break;
  }
  return seen.filter((event) => !event.type.startsWith('stream.')).map((event) => event.sequence);
}
