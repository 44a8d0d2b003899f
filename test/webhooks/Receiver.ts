import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@tributary/kit';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, looked into freely. */
  readonly body: any;
  readonly at: number;
}

/** How a request is answered. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** The connection is cut instead. */
  readonly cut?: boolean;
  readonly waitMs?: number;
  /** Default: “taken”. */
  readonly text?: string;
}

/** A receiver of webhooks on this machine, which answers each request as it is told. */
export class Receiver implements AsyncDisposable {
  readonly requests: Received[] = [];
  /** Default: 200. */
  answer: (request: Received, number: number) => ScriptedAnswer = () => ({ status: 200 });

  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(host = '127.0.0.1'): Promise<Receiver> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const { url = '/', headers } = request;
        const received = { path: url, headers, text, body: JSON.parse(text) as unknown, at: Date.now() };
        receiver.requests.push(received);
        const {
          status,
          headers: own = {},
          cut,
          waitMs = 0,
          text: said = 'taken',
        } = receiver.answer(received, receiver.requests.length);
        setTimeout(() => {
          if (cut) request.socket.destroy();
          else response.writeHead(status, own).end(said);
        }, waitMs);
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Requests that carried events. */
  get events(): Received[] {
    return this.requests.filter(({ body }) => body.type !== 'webhook.test');
  }

  /** Once there are so many that carried events. */
  async received(count: number, patienceMs = 15_000): Promise<Received[]> {
    await eventually(
      () => {
        if (this.events.length < count) throw new Error(`${this.events.length} of ${count} came.`);
      },
      { timeoutMs: patienceMs },
    );
    return this.events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
