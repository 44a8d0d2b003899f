import { createTributaryClient, type TributaryClient } from '@tributary/client';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Session } from './Session.ts';

/** When an event was written, by PostgreSQL's clock before its COMMIT, and when a watcher had it; ms since the epoch. */
export interface Sighting {
  readonly occurredAt: number;
  readonly seenAt: number;
}

const createFlow = `mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }`;
const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id } } }`;
const reports = 1_000_000;

/** One flow that is reported on all the time, and everybody who watches it, each with a socket of their own. */
export class SteadyFlow implements AsyncDisposable {
  /** Of each watcher. */
  readonly sightings: Sighting[][] = [];
  /** When each report was sent and acknowledged. */
  readonly writes: { readonly sentAt: number; readonly doneAt: number }[] = [];
  readonly #clients: TributaryClient[] = [];
  readonly #stop = new AbortController();
  #done: Promise<unknown> = Promise.resolve();

  static async start(
    session: Session,
    options: { name: string; watchers: number; everyMs: number },
  ): Promise<SteadyFlow> {
    const { name, watchers, everyMs } = options;
    const created = await session.insist(createFlow, {
      input: { kind: 'steady', name, phases: ['only'], idempotencyKey: name },
    });
    const flowId = created['createFlow'].flow.id as string;
    const flow = new SteadyFlow();
    const watching = Array.from({ length: watchers }, () => flow.#watch(session, flowId));
    flow.#done = Promise.all([...watching, flow.#write(session, flowId, name, everyMs)]);
    return flow;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const client of this.#clients) client.close();
    await this.#done;
  }

  async #write(session: Session, flowId: string, name: string, everyMs: number): Promise<void> {
    for (let number = 1; !this.#stop.signal.aborted; number += 1) {
      const sentAt = Date.now();
      const idempotencyKey = `${name}-${number}`;
      const input = { flowId, phase: 'only', status: 'RUNNING', progress: number / reports, idempotencyKey };
      await session.insist(report, { input });
      this.writes.push({ sentAt, doneAt: Date.now() });
      await delay(everyMs);
    }
  }

  async #watch(session: Session, flowId: string): Promise<void> {
    const client = createTributaryClient({
      url: `${session.origin()}/graphql`,
      webSocketImpl: WebSocket,
      authorization: () => session.authorization(),
    });
    this.#clients.push(client);
    const sightings: Sighting[] = [];
    this.sightings.push(sightings);
    let last = -1;
    for await (const event of client.flowProgress(flowId, { signal: this.#stop.signal })) {
      if (last >= 0 && event.sequence !== last + 1) throw new Error(`${event.sequence} followed ${last}.`);
      last = event.sequence;
      if (!event.type.startsWith('stream.'))
        sightings.push({ occurredAt: Date.parse(event.occurredAt), seenAt: Date.now() });
    }
  }
}
