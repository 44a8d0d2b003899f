import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { cpuSeconds, type Figures, quantile, type Stage, type Workload } from '@tributary/kit/measure';
import type { Client } from '@tributary/kit/client';
import { createRunnerFlow, reportProgress } from './mutation.ts';

const sockets = 1_000;
const events = 60;
const pauseMs = 100;
const patienceMs = 15_000;
const connectAtOnce = 50;

const query =
  'subscription ($flowId: ID!) { flowProgress(flowId: $flowId) { sequence cursor type status progress message } }';

/** One flow of an outside runner with a thousand people looking at it, each over a socket of their own. */
export const watchedFlow: Workload = {
  name: `one flow watched by ${sockets} sockets`,
  run: watch,
};

async function watch({ client }: Stage): Promise<Figures> {
  const flowId = await createRunnerFlow(client);
  await reportProgress(client, { flowId, status: 'RUNNING', progress: 0.001 });
  const audience = new Audience(client, flowId);
  try {
    const begun = performance.now();
    await audience.gather();
    const gathered = (performance.now() - begun) / 1000;
    const last: number[] = [];
    const each: number[] = [];
    let missed = 0;
    const cpuBefore = cpuSeconds();
    for (let n = 1; n <= events; n += 1) {
      const message = `step ${n} of ${events}`;
      const arrivals = audience.hear(message);
      const published = performance.now();
      await reportProgress(client, { flowId, status: 'RUNNING', progress: n / (events + 1), message });
      const times = (await arrivals).map((time) => time - published);
      missed += sockets - times.length;
      each.push(...times);
      last.push(times.at(-1) ?? Number.NaN);
      await delay(pauseMs);
    }
    return {
      'to last client p50 ms': quantile(last, 0.5),
      'to last client p99 ms': quantile(last, 0.99),
      'to any client p50 ms': quantile(each, 0.5),
      'CPU ms/event': ((cpuSeconds() - cpuBefore) * 1000) / events,
      'events missed': missed,
      'seconds to connect all': gathered,
    };
  } finally {
    audience.leave();
    await reportProgress(client, { flowId, status: 'SUCCEEDED', progress: 1 });
  }
}

/** Sockets that speak graphql-ws and read no more of a message than they must: the clients share the machine with the system. */
class Audience {
  readonly #client: Client;
  readonly #flowId: string;
  readonly #members: WebSocket[] = [];
  #awaited = '';
  #arrivals: number[] = [];
  #complete: () => void = () => undefined;

  constructor(client: Client, flowId: string) {
    this.#client = client;
    this.#flowId = flowId;
  }

  async gather(): Promise<void> {
    while (this.#members.length < sockets) {
      await Promise.all(Array.from({ length: connectAtOnce }, () => this.#join()));
    }
  }

  /** The times at which the message arrived, in order: one a socket, fewer when somebody missed it. */
  async hear(message: string): Promise<number[]> {
    this.#awaited = `"${message}"`;
    this.#arrivals = [];
    const complete = new Promise<void>((resolve) => (this.#complete = resolve));
    const patience = new AbortController();
    await Promise.race([complete, delay(patienceMs, undefined, { signal: patience.signal })]);
    patience.abort();
    return this.#arrivals;
  }

  leave(): void {
    for (const member of this.#members) member.terminate();
  }

  async #join(): Promise<void> {
    const authorization = await this.#client.authorization();
    const socket = new WebSocket(`${this.#client.origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    this.#members.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text.includes(this.#awaited) && this.#awaited !== '') this.#arrived();
        else if (text.startsWith('{"type":"connection_ack"')) socket.send(this.#subscribe());
        else if (text.includes('stream.snapshot')) resolve();
        else if (text.includes('"type":"error"')) reject(new Error(text));
      });
      socket.once('error', reject);
      socket.once('close', (code, reason) => reject(new Error(`A socket was closed with ${code} ${String(reason)}.`)));
    });
  }

  #arrived(): void {
    this.#arrivals.push(performance.now());
    if (this.#arrivals.length === sockets) this.#complete();
  }

  #subscribe(): string {
    return JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { flowId: this.#flowId } } });
  }
}
