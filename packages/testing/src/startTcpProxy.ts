import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A hop between a client and a server on this machine that a test can break. */
export interface TcpProxy extends AsyncDisposable {
  /** On 127.0.0.1; stays the same after `cut`. */
  readonly port: number;
  /** Connections that are open through it now. */
  readonly connections: number;
  /** Drops every connection and refuses new ones, as if the server's machine had gone. */
  cut(): Promise<void>;
  /** Keeps every connection and takes new ones, but lets no byte through in either direction, as a hung network does. */
  stall(): void;
  /** Ends `cut` and `stall`. What was held back by `stall` arrives now. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1 in front of `targetPort`. */
export async function startTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let stalled = false;
  let server = createProxyServer();

  function createProxyServer(): Server {
    return createServer((client) => {
      const upstream = connect({ port: targetPort, host: targetHost });
      const pair: [Socket, Socket] = [client, upstream];
      pairs.add(pair);
      for (const [from, to] of [pair, [upstream, client] as const]) {
        from.setNoDelay(true);
        from.on('error', () => undefined);
        from.on('close', () => {
          pairs.delete(pair);
          to.destroy();
        });
      }
      if (!stalled) link(pair);
    });
  }

  const link = ([client, upstream]: [Socket, Socket]) => {
    client.pipe(upstream);
    upstream.pipe(client);
  };
  const unlink = ([client, upstream]: [Socket, Socket]) => {
    client.unpipe(upstream).pause();
    upstream.unpipe(client).pause();
  };
  const cut = async () => {
    const closed = new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()));
    for (const pair of pairs) pair.forEach((socket) => socket.resetAndDestroy());
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
    stall() {
      stalled = true;
      pairs.forEach(unlink);
    },
    async resume() {
      if (stalled) {
        stalled = false;
        pairs.forEach(link);
      }
      if (!server.listening) {
        server = createProxyServer();
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
