import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A hop between a client and a server on this machine that a test can break. */
export interface TcpProxy extends AsyncDisposable {
  /** On 127.0.0.1; stays the same after `cut`. */
  readonly port: number;
  /** Connections that are open through it now. */
  readonly connections: number;
  /** Drops every connection and refuses new ones, as if the server's machine had gone. */
  cut(): Promise<void>;
  /** Drops every connection, and takes new ones as before. */
  drop(): void;
  /** Keeps every connection and takes new ones, but lets no byte through in either direction, as a hung network does. */
  stall(): void;
  /** Ends `cut` and `stall`. What was held back by `stall` arrives now. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

interface Connection {
  readonly client: Socket;
  readonly upstream: Socket;
}

/**
 * Starts a proxy on a free port of 127.0.0.1. Of several target ports each connection takes the next one that answers, as a
 * load balancer would.
 */
export async function startTcpProxy(target: number | readonly number[], targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const targets = typeof target === 'number' ? [target] : target;
  const pairs = new Set<Connection>();
  const unanswered = new Set<Socket>();
  let turn = 0;
  let stalled = false;
  let server = createServer(accept);

  function accept(client: Socket): void {
    client.setNoDelay(true).on('error', () => undefined);
    unanswered.add(client);
    client.once('close', () => unanswered.delete(client));
    turn += 1;
    reach(client, turn, targets.length);
  }

  function reach(client: Socket, place: number, triesLeft: number): void {
    const upstream = connect({ port: targets[place % targets.length]!, host: targetHost });
    const leave = () => upstream.destroy();
    const unreachable = () => {
      client.off('close', leave);
      if (triesLeft > 1 && !client.destroyed) reach(client, place + 1, triesLeft - 1);
      else client.destroy();
    };
    client.once('close', leave);
    upstream.setNoDelay(true).once('error', unreachable);
    upstream.once('connect', () => {
      upstream.off('error', unreachable).on('error', () => undefined);
      client.off('close', leave);
      unanswered.delete(client);
      join(client, upstream);
    });
  }

  function join(client: Socket, upstream: Socket): void {
    const pair = { client, upstream };
    pairs.add(pair);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.once('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
    if (client.destroyed) upstream.destroy();
    else if (!stalled) link(pair);
  }

  const link = ({ client, upstream }: Connection) => {
    client.pipe(upstream);
    upstream.pipe(client);
  };
  const unlink = ({ client, upstream }: Connection) => {
    client.unpipe(upstream).pause();
    upstream.unpipe(client).pause();
  };
  const drop = () => {
    for (const { client, upstream } of pairs) [client, upstream].forEach((socket) => socket.resetAndDestroy());
    for (const client of unanswered) client.resetAndDestroy();
  };
  const cut = async () => {
    const closed = new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()));
    drop();
    await closed;
  };

  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get connections() {
      return pairs.size;
    },
    cut,
    drop,
    stall() {
      if (stalled) return;
      stalled = true;
      pairs.forEach(unlink);
    },
    async resume() {
      if (stalled) {
        stalled = false;
        pairs.forEach(link);
      }
      if (!server.listening) {
        server = createServer(accept);
        await listen(server, port);
      }
    },
    close: cut,
    [Symbol.asyncDispose]: cut,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
