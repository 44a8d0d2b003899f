import { createClient, type Client } from 'graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { operationOf, positionOf, take, type GivenEvent, type Reading } from './reading.ts';

/** How often, and for how long in ms, it stops reading its socket. */
export interface Laziness {
  readonly everyMs: number;
  readonly forMs: number;
}

const handshakeMs = 4_000;
const pingMs = 2_000;
const pongMs = 3_000;

/**
 * A plain graphql-ws client that takes whatever comes, without a look at what it follows, and comes back with its last cursor,
 * to whichever gateway is next.
 */
export async function readFromSocket(reading: Reading, laziness: Laziness | null = null): Promise<void> {
  const { signal } = reading;
  while (!signal.aborted) {
    const connection = open(reading, laziness);
    const leave = () => void connection.dispose();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const variables = { after: positionOf(reading) };
      for await (const result of connection.client.iterate({ query: operationOf(reading), variables })) {
        const event = result.data?.[reading.field] as GivenEvent | null | undefined;
        if (!event || signal.aborted) break;
        await take(reading, event);
      }
    } catch {
      // Cut, refused, not acknowledged: it comes back with its cursor.
    } finally {
      signal.removeEventListener('abort', leave);
      connection.dispose();
    }
    if (!signal.aborted) await delay(50 + Math.random() * 350);
  }
}

function open({ session }: Reading, laziness: Laziness | null): { client: Client; dispose: () => void } {
  let socket: WebSocket | null = null;
  let pong: NodeJS.Timeout | undefined;
  class OwnSocket extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { handshakeTimeout: handshakeMs });
      // eslint-disable-next-line @typescript-eslint/no-this-alias
      socket = this;
      // The package throws errors that nobody listens to.
      this.on('error', () => undefined);
    }
  }
  const client = createClient({
    url: `${session.origin().replace('http', 'ws')}/graphql`,
    webSocketImpl: OwnSocket,
    connectionParams: async () => ({ authorization: await session.authorization() }),
    connectionAckWaitTimeout: handshakeMs,
    retryAttempts: 0,
    // Whoever does not read cannot hear an answer either.
    keepAlive: laziness ? 0 : pingMs,
    on: {
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), pongMs);
      },
      pong: () => clearTimeout(pong),
    },
  });
  const nap = laziness
    ? setInterval(() => {
        socket?.pause();
        setTimeout(() => socket?.resume(), laziness.forMs).unref();
      }, laziness.everyMs)
    : undefined;
  return {
    client,
    dispose: () => {
      clearTimeout(pong);
      clearInterval(nap);
      socket?.resume();
      client.terminate();
    },
  };
}
