import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '@tributary/kit';

/** What a receiver took, in the order of its requests. */
export interface Taken {
  readonly sequence: number;
  readonly id: string;
  readonly attempt: number;
  /** Whether it answered with 2xx. */
  readonly answered: boolean;
  readonly at: number;
  readonly occurredAt: number;
}

const answers = { whole: 55, status500: 15, status429: 5, cut: 10, slow: 10, half: 5 } as const;

/** Receivers of many webhooks, by path, whose answers to a first attempt are drawn. */
export class DrawnReceiver implements AsyncDisposable {
  readonly taken = new Map<string, Taken[]>();
  /** Answers that were no plain 200. */
  faults = 0;
  /** False: everything is taken at once. */
  draws = false;
  readonly #server: Server;
  readonly #random: Random;

  private constructor(random: Random) {
    this.#random = random;
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, any>;
        if (body['type'] === 'webhook.test') return void response.writeHead(204).end();
        const drawn = this.draws && body['attempt'] === 1 ? this.#random.weighted(answers) : 'whole';
        if (drawn !== 'whole') this.faults += 1;
        const answered = drawn === 'whole' || drawn === 'slow';
        const list = this.taken.get(request.url!) ?? [];
        this.taken.set(request.url!, list);
        list.push({
          sequence: body['sequence'] as number,
          id: request.headers['webhook-id'] as string,
          attempt: body['attempt'] as number,
          answered,
          at: Date.now(),
          occurredAt: Date.parse(body['timestamp'] as string),
        });
        if (drawn === 'cut') request.socket.destroy();
        else if (drawn === 'half') {
          response.writeHead(200, { 'content-length': '100' });
          response.write('half of what was', () => request.socket.destroy());
        } else
          setTimeout(
            () => response.writeHead(drawn === 'status500' ? 500 : drawn === 'status429' ? 429 : 200).end('taken'),
            drawn === 'slow' ? 1_500 : 0,
          );
      });
    });
  }

  static async start(random: Random): Promise<DrawnReceiver> {
    const receiver = new DrawnReceiver(random);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  urlOf(name: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
