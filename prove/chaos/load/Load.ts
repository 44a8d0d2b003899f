import type { TributaryClient } from '@tributary/client';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosCluster } from '../cluster/ChaosCluster.ts';
import { History, uuidIn } from '../history/History.ts';
import { readHeads } from '../history/readLog.ts';
import { answerAlerts } from './alertWriter.ts';
import { writeFlows } from './flowWriter.ts';
import { readEventStream } from './readEventStream.ts';
import { readFromSocket } from './readFromSocket.ts';
import type { Reading, StreamField } from './reading.ts';
import { impatientClient, readWithClient } from './readWithClient.ts';
import { Session } from './Session.ts';

export interface LoadOptions {
  /** Runners in each workspace, each with one flow at a time. */
  readonly runners: number;
  readonly pauseMs: readonly [number, number];
}

/** Kinds of readers, by how they read. */
type Kind = 'client' | 'slow client' | 'graphql-ws' | 'graphql-ws that stops reading' | 'server-sent events';

const slowMs = 120;
/** Nothing follows these on the stream of one flow here. */
const lastTypes = new Set(['flow.finished', 'flow.failed']);

/** Everybody who writes to a cluster and reads from it, and what they have seen. */
export class Load {
  readonly history = new History();
  readonly sessions: readonly Session[];
  readonly #options: LoadOptions;
  readonly #cluster: ChaosCluster;
  readonly #stopWriting = new AbortController();
  readonly #stopReading = new AbortController();
  readonly #clients = new Map<string, TributaryClient>();
  readonly #writing: Promise<void>[] = [];
  readonly #reading: Promise<void>[] = [];
  #failure: Error | null = null;

  constructor(cluster: ChaosCluster, options: LoadOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.sessions = cluster.workspaces.map((workspace) => new Session(workspace, cluster.origins));
  }

  start(): void {
    for (const session of this.sessions) {
      for (const field of ['flowUpdates', 'alertUpdates'] as const) {
        this.read(session, 'client', field);
        this.read(session, 'graphql-ws', field);
        this.read(session, 'server-sent events', field);
        this.read(session, 'graphql-ws that stops reading', field);
      }
      this.read(session, 'graphql-ws', 'activityUpdated');
      this.read(session, 'server-sent events', 'activityUpdated');
      this.read(session, 'graphql-ws that stops reading', 'activityUpdated');
      this.read(session, 'slow client', 'flowUpdates');
      this.read(
        session,
        'client',
        'flowUpdates',
        null,
        'flow { assets(first: 1) { nodes { id } } metrics { requests } }',
      );
      for (let runner = 1; runner <= this.#options.runners; runner += 1) this.#write(session, runner);
      this.#writing.push(this.#guard(answerAlerts(session, this.history, this.#stopWriting.signal)));
    }
  }

  /** One more reader of a stream, from now on. */
  read(session: Session, kind: Kind, field: StreamField, flowId: string | null = null, selection?: string): void {
    const whole = { alertUpdates: 'alerts', activityUpdated: 'activity', flowUpdates: 'flows', flowProgress: '' }[
      field
    ];
    const stream = flowId === null ? whole : `flow:${uuidIn(flowId)}`;
    const name = `reader ${this.history.readers.length + 1} of ${session.workspace.slug}`;
    const leaving = new AbortController();
    const reading: Reading = {
      session,
      history: this.history.reader(name, kind, `${session.workspace.id}/${stream}`),
      field,
      flowId,
      signal: AbortSignal.any([this.#stopReading.signal, leaving.signal]),
      ...(selection ? { selection } : {}),
      onEvent: (type) => {
        if (flowId !== null && lastTypes.has(type)) leaving.abort();
        return kind === 'slow client' ? delay(slowMs) : undefined;
      },
    };
    this.#reading.push(this.#guard(this.#readAs(kind, reading)));
  }

  /** Resolves when every writer has its last acknowledgement. Throws when one does not get it within `limitMs`. */
  async stopWriting(limitMs: number): Promise<void> {
    this.#stopWriting.abort();
    const outcome = await Promise.race([Promise.all(this.#writing), delay(limitMs, 'late' as const, { ref: false })]);
    if (outcome === 'late') throw new Error(`A writer still had no answer ${limitMs / 1_000} s after the last fault.`);
    if (this.#failure) throw this.#failure;
  }

  /** Waits until every reader has reached the end of its stream; answers how long that took in ms, or null when it was not enough. */
  async caughtUp(limitMs: number): Promise<number | null> {
    const started = performance.now();
    while (performance.now() - started < limitMs) {
      const heads = await readHeads(this.#cluster.postgres.url);
      const behind = this.history.readers.some(
        ({ stream, deliveries }) => (deliveries.at(-1)?.sequence ?? -1) < (heads.get(stream) ?? 0),
      );
      if (!behind) return performance.now() - started;
      await delay(50);
    }
    return null;
  }

  async stop(): Promise<void> {
    this.#stopWriting.abort();
    this.#stopReading.abort();
    for (const client of this.#clients.values()) client.close();
    await Promise.race([Promise.all([...this.#writing, ...this.#reading]), delay(5_000)]);
  }

  #write(session: Session, runner: number): void {
    let flows = 0;
    const writing = writeFlows({
      session,
      history: this.history,
      name: `${session.workspace.slug}-${runner}`,
      pauseMs: this.#options.pauseMs,
      signal: this.#stopWriting.signal,
      onFlow: (flowId) => {
        flows += 1;
        this.read(session, 'client', 'flowProgress', flowId);
        this.read(session, flows % 2 ? 'graphql-ws' : 'server-sent events', 'flowProgress', flowId);
      },
    });
    this.#writing.push(this.#guard(writing));
  }

  #readAs(kind: Kind, reading: Reading): Promise<void> {
    switch (kind) {
      case 'client':
        return readWithClient(this.#client(reading.session, kind, 256), reading);
      case 'slow client':
        return readWithClient(this.#client(reading.session, kind, 8), reading);
      case 'graphql-ws':
        return readFromSocket(reading);
      case 'graphql-ws that stops reading':
        return readFromSocket(reading, { everyMs: 5_000, forMs: 2_500 });
      case 'server-sent events':
        return readEventStream(reading);
    }
  }

  /** Readers of a kind share their workspace's sockets, one to each gateway. */
  #client(session: Session, kind: Kind, maxUnread: number): TributaryClient {
    const origin = session.origin();
    const name = `${session.workspace.slug} ${kind} ${origin}`;
    const known = this.#clients.get(name);
    if (known) return known;
    const client = impatientClient(session, origin, maxUnread);
    this.#clients.set(name, client);
    return client;
  }

  async #guard(work: Promise<void>): Promise<void> {
    await work.catch((error: Error) => (this.#failure ??= error));
  }
}
