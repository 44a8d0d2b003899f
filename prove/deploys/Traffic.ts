import { setTimeout as delay } from 'node:timers/promises';
import { createTributaryClient, type TributaryClient } from '@tributary/client';
import { Client } from '@tributary/kit/client';
import { WebSocket } from 'ws';

const query =
  '{ flows(first: 1) { nodes { id name } } alerts(first: 1) { totalCount } assets(first: 1) { nodes { id } } }';
const mutation = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
const answerMs = 10_000;

/** People at work while processes are replaced: so many requests a second, watchers, and somebody who starts flows that these see. */
export class Traffic {
  requests = 0;
  readonly errors: string[] = [];
  /** What watchers missed or got twice. */
  readonly gaps: string[] = [];
  events = 0;
  readonly latenciesMs: number[] = [];
  readonly #origin: string;
  readonly #client: Client;
  readonly #last: number[] = [];
  readonly #ending = new AbortController();
  /** Watchers stay longer than those who ask. */
  readonly #leaving = new AbortController();
  readonly #work: Promise<unknown>[] = [];

  constructor(origin: string) {
    this.#origin = origin;
    this.#client = new Client({ origin });
  }

  async watch(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const client = createTributaryClient({
        url: `${this.#origin}/graphql`,
        webSocketImpl: WebSocket,
        authorization: () => this.#client.authorization(),
        retry: { minDelayMs: 100, maxDelayMs: 1_000 },
      });
      this.#work.push(this.#follow(client, index));
      if (index % 50 === 49) await delay(100);
    }
    while (Object.keys(this.#last).length < count) await delay(100);
  }

  ask(perSecond: number): void {
    const timer = setInterval(() => this.#work.push(this.#ask()), 1_000 / perSecond);
    this.#ending.signal.addEventListener('abort', () => clearInterval(timer));
  }

  write(everyMs: number): void {
    this.#work.push(this.#write(everyMs));
  }

  /** Resolves when all watchers stand where the stream does, and everything has ended. */
  async stop(): Promise<void> {
    this.#ending.abort();
    const deadline = Date.now() + 30_000;
    while (new Set(this.#last).size > 1 && Date.now() < deadline) await delay(200);
    if (new Set(this.#last).size > 1) this.gaps.push(`watchers stand at ${[...new Set(this.#last)].join(', ')}`);
    this.#leaving.abort();
    await Promise.all(this.#work);
    this.#client.close();
  }

  async #follow(client: TributaryClient, index: number): Promise<void> {
    try {
      for await (const { sequence, type } of client.flowUpdates({ signal: this.#leaving.signal })) {
        const before = this.#last[index];
        if (before !== undefined && !type.startsWith('stream.') && sequence !== before + 1)
          this.gaps.push(`watcher ${index}: ${sequence} came behind ${before}`);
        if (type === 'stream.reset' || (before !== undefined && type === 'stream.snapshot'))
          this.gaps.push(`watcher ${index} began anew at ${sequence}`);
        this.#last[index] = sequence;
        this.events += 1;
      }
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.gaps.push(`watcher ${index} ended: ${String(error)}`);
    }
  }

  async #ask(): Promise<void> {
    this.requests += 1;
    const started = performance.now();
    try {
      const response = await fetch(`${this.#origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: await this.#client.authorization() },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(answerMs),
      });
      const text = await response.text();
      if (response.status !== 200 || text.includes('"errors"'))
        this.errors.push(`${response.status}: ${text.slice(0, 300)}`);
      this.latenciesMs.push(performance.now() - started);
    } catch (error) {
      const { message, cause } = error as Error;
      this.errors.push(`${message}: ${String((cause as Error | undefined)?.message ?? '')}`);
    }
  }

  async #write(everyMs: number): Promise<void> {
    for (let number = 1; !this.#ending.signal.aborted; number += 1) {
      const source = { name: 'a.csv', format: 'CSV', content: `name,ip\nweb-${number},10.0.0.${number % 250}\n` };
      const input = { idempotencyKey: `deploys-${number}`, name: `flow ${number}`, source };
      const { errors } = await this.#client.send(mutation, { input }).catch((error: unknown) => ({ errors: [error] }));
      if (errors) this.errors.push(`a mutation: ${JSON.stringify(errors)}`.slice(0, 300));
      await delay(everyMs);
    }
  }
}
