import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  /** Of the webhook: the last part of its address. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Record<string, any>;
  readonly at: number;
}

type Answered = { readonly status: number; readonly headers?: Record<string, string> } | 'never' | null;

/** Null: the connection is cut. `never`: nothing is answered. */
export type Answering = (request: Received) => Answered | Promise<Answered>;

/** Receivers of many webhooks on this machine, each at an address of its own. Tests are always taken. */
export class ProofReceiver implements AsyncDisposable {
  readonly received: Received[] = [];
  answer: Answering = () => ({ status: 200 });
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => void this.#take(request, response, Buffer.concat(parts).toString('utf8')));
    });
  }

  static async start(): Promise<ProofReceiver> {
    const receiver = new ProofReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, resolve));
    return receiver;
  }

  urlOf(name: string, number: number): string {
    return `http://127.0.1.${1 + (number % 250)}:${(this.#server.address() as AddressInfo).port}/${name}`;
  }

  of(name: string): Received[] {
    return this.received.filter((each) => each.name === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
    const body = JSON.parse(text) as Record<string, any>;
    if (body['type'] === 'webhook.test') return void response.writeHead(204).end();
    const came = { name: request.url!.slice(1), headers: plain(request.headers), text, body, at: Date.now() };
    this.received.push(came);
    const answer = await this.answer(came);
    if (answer === 'never') return;
    if (answer) response.writeHead(answer.status, answer.headers).end();
    else request.socket.destroy();
  }
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
