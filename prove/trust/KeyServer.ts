import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An issuer as others see it: discovery and keys over HTTP. It remembers when it was asked. */
export class KeyServer implements AsyncDisposable {
  keys: readonly object[] = [];
  /** `performance.now()` of each fetch of the keys. */
  readonly fetches: number[] = [];
  /** Whether it answers 500. */
  isDown = false;

  private readonly server: Server;
  readonly url: string;

  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const it = new KeyServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/jwks') {
        it.fetches.push(performance.now());
        response.writeHead(it.isDown ? 500 : 200).end(JSON.stringify({ keys: it.keys }));
      } else if (request.url === '/.well-known/openid-configuration') {
        response.end(JSON.stringify({ issuer: it.url, jwks_uri: `${it.url}/jwks` }));
      } else response.writeHead(404).end();
    });
    return it;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
