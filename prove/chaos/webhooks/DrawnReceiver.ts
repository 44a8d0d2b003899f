import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drawAnswer, giveAnswer, type AnswerKind } from './drawnAnswers.ts';

/** One request of a webhook, in the order in which they came. */
export interface TakenRequest {
  readonly id: string;
  readonly attempt: number;
  readonly answer: AnswerKind;
  readonly events: readonly TakenEvent[];
  readonly at: number;
}

export interface TakenEvent {
  readonly sequence: number;
  readonly previousSequence: number | null;
  /** Null: the flow could not be read for too long, and the event came without it. */
  readonly flowId: string | null;
  readonly occurredAt: number;
}

/** Receivers of many webhooks, by path, whose answers to what comes for the first time are drawn. Each webhook has an address of its own. */
export class DrawnReceiver implements AsyncDisposable {
  readonly taken = new Map<string, TakenRequest[]>();
  /** Answers that were trouble, and those that came late or were more than is read. */
  readonly faults = new Map<AnswerKind, number>();
  /** Where redirects pointed to: nobody may come. */
  followed = 0;
  /** False: everything is taken at once. */
  draws = false;
  /** Messages that came before: they are taken. */
  readonly #seen = new Set<string>();
  readonly #server: Server;
  readonly #seed: string;

  private constructor(seed: string) {
    this.#seed = seed;
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => this.#take(request, response, Buffer.concat(parts).toString('utf8')));
    });
  }

  static async start(seed: string): Promise<DrawnReceiver> {
    const receiver = new DrawnReceiver(seed);
    await new Promise<void>((resolve) => receiver.#server.listen(0, resolve));
    return receiver;
  }

  get faultCount(): number {
    return [...this.faults.values()].reduce((total, each) => total + each, 0);
  }

  /** Hosts are paced, and here each webhook has its own. */
  urlOf(path: string, number: number): string {
    return `http://127.0.${1 + Math.floor(number / 250)}.${1 + (number % 250)}:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse, text: string): void {
    const path = request.url!;
    if (path === '/elsewhere') this.followed += 1;
    const body = JSON.parse(text) as Record<string, any>;
    if (body['type'] === 'webhook.test') return void response.writeHead(204).end();
    const events = (body['events'] as Record<string, any>[] | undefined) ?? [body];
    const attempt = events[0]!['attempt'] as number;
    const message = `${path} ${events.at(-1)!['sequence']}`;
    const drawn =
      this.draws && !this.#seen.has(message) ? drawAnswer(this.#seed, path, events.at(-1)!['sequence']) : 'taken';
    this.#seen.add(message);
    if (drawn !== 'taken') this.faults.set(drawn, (this.faults.get(drawn) ?? 0) + 1);
    const list = this.taken.get(path) ?? [];
    this.taken.set(path, list);
    list.push({
      id: request.headers['webhook-id'] as string,
      attempt,
      answer: drawn,
      at: Date.now(),
      events: events.map((event) => ({
        sequence: event['sequence'],
        previousSequence: event['previousSequence'],
        flowId: event['data'].flowUpdates.flow?.id ?? null,
        occurredAt: Date.parse(event['timestamp']),
      })),
    });
    giveAnswer(drawn, request, response);
  }
}
