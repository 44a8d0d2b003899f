import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: `pass`; `cut`, whose answer is thrown away with the connection; or a status in place of the server. */
export type Fate = 'pass' | 'cut' | { readonly status: number; readonly retryAfterSeconds?: number };

export interface Seen {
  readonly fate: Fate;
  /** What the server answered; null when it was not asked. */
  readonly status: number | null;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Since the cutter was started. */
  readonly atMs: number;
}

/** A hop in front of the gateway: a request goes through whole, its answer does or does not. */
export class AnswerCutter implements AsyncDisposable {
  readonly seen: Seen[] = [];
  /** Asked for each request with its number from 1. */
  decide: (number: number) => Fate = () => 'pass';
  private readonly server: Server;
  private readonly started = performance.now();
  private requests = 0;
  private readonly target: string;

  private constructor(target: string) {
    this.target = target;
    this.server = createServer((incoming, answer) => this.pass(incoming, answer));
  }

  static async start(target: string): Promise<AnswerCutter> {
    const cutter = new AnswerCutter(target);
    await new Promise<void>((resolve) => cutter.server.listen(0, '127.0.0.1', resolve));
    return cutter;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(incoming: IncomingMessage, answer: ServerResponse): void {
    this.requests += 1;
    const fate = this.decide(this.requests);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    const note = (status: number | null) => {
      const [body, atMs] = [Buffer.concat(chunks), performance.now() - this.started];
      this.seen.push({ fate, status, path: incoming.url ?? '/', headers: incoming.headers, body, atMs });
    };
    if (typeof fate === 'object') {
      incoming.resume();
      incoming.once('end', () => {
        note(null);
        const wait = fate.retryAfterSeconds;
        answer.writeHead(fate.status, wait === undefined ? {} : { 'retry-after': String(wait) }).end();
      });
      return;
    }
    const { host: _, ...headers } = incoming.headers;
    const onward = request(new URL(incoming.url ?? '/', this.target), { method: incoming.method, headers }, (reply) => {
      note(reply.statusCode ?? 0);
      if (fate === 'cut') {
        reply.resume();
        reply.once('end', () => incoming.socket.destroy());
        return;
      }
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.once('error', () => answer.destroy());
    incoming.pipe(onward);
  }
}
