import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One watcher: a socket with one subscription. */
export interface Member {
  readonly variables: Record<string, unknown>;
  readonly localAddress?: string;
}

export interface AudienceOptions {
  /** Of the WebSocket endpoint. */
  readonly url: string;
  readonly authorization: string;
  readonly query: string;
  readonly members: readonly Member[];
  /**
   * Whether each event is looked at: that it follows the one before, and how long ago it occurred. Then `sequence` and `occurredAt`
   * must be selected first.
   */
  readonly timed?: boolean;
}

export type AudienceOrder =
  | ({ readonly do: 'join' } & AudienceOptions)
  | { readonly do: 'expect'; readonly text: string }
  | { readonly do: 'stall' | 'resume' | 'look' };

export type AudienceReport =
  | { readonly kind: 'joined' | 'ready' | 'stalled' | 'resumed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'arrived'; readonly count: number; readonly last: number; readonly sample: string }
  | ({ readonly kind: 'seen' } & Sight);

/** What timed watchers saw. */
export interface Sight {
  /** Milliseconds from the event's `occurredAt` to its arrival, of those that arrived since the last look. */
  readonly latencies: readonly number[];
  /** Events of each watcher, since it joined. */
  readonly counts: readonly number[];
  /** Events that did not follow the one before. */
  readonly faults: number;
  /** Sockets that are open. */
  readonly open: number;
}

export interface Arrivals {
  readonly count: number;
  /** When the last of them had it. */
  readonly last: number;
  /** One message, as it came. */
  readonly sample: string;
}

/** One process for so many: it takes part of a core, and so does each beside it. */
const membersPerProcess = 2_500;

/** Many watchers, in processes beside this one. */
export class Audience implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Resolves when each of them has had its snapshot. */
  static async gather(options: AudienceOptions): Promise<Audience> {
    const { members } = options;
    const shares = Array.from({ length: Math.ceil(members.length / membersPerProcess) }, (_none, index) =>
      // A process has a loopback address of its own, so that no two of them compete for ports.
      members
        .slice(index * membersPerProcess, (index + 1) * membersPerProcess)
        .map((member) => ({ localAddress: `127.0.0.${index + 1}`, ...member })),
    );
    const main = fileURLToPath(new URL('./audienceMain.js', import.meta.url));
    const audience = new Audience(
      shares.map(() => fork(main, [], { execArgv: ['--no-warnings'], serialization: 'advanced' })),
    );
    try {
      await Promise.all(
        audience.#children.map((child, index) =>
          ask(child, { do: 'join', ...options, members: shares[index]! }, 'joined'),
        ),
      );
      return audience;
    } catch (error) {
      await audience[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Publishes a message with this text, and waits until all have it. */
  async reached(text: string, publish: () => Promise<unknown>): Promise<Arrivals> {
    await Promise.all(this.#children.map((child) => ask(child, { do: 'expect', text }, 'ready')));
    const arrived = Promise.all(this.#children.map((child) => heard(child, 'arrived')));
    await publish();
    const reports = await arrived;
    return {
      count: reports.reduce((sum, { count }) => sum + count, 0),
      last: Math.max(...reports.map(({ last }) => last)),
      sample: reports[0]!.sample,
    };
  }

  /** From now on they do not read what comes. */
  async stall(): Promise<void> {
    await Promise.all(this.#children.map((child) => ask(child, { do: 'stall' }, 'stalled')));
  }

  async resume(): Promise<void> {
    await Promise.all(this.#children.map((child) => ask(child, { do: 'resume' }, 'resumed')));
  }

  async look(): Promise<Sight> {
    const sights = await Promise.all(this.#children.map((child) => ask(child, { do: 'look' }, 'seen')));
    return {
      latencies: sights.flatMap(({ latencies }) => latencies),
      counts: sights.flatMap(({ counts }) => counts),
      faults: sights.reduce((sum, { faults }) => sum + faults, 0),
      open: sights.reduce((sum, { open }) => sum + open, 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await exited;
      }),
    );
  }
}

type Kind = AudienceReport['kind'];

async function ask<K extends Kind>(child: ChildProcess, order: AudienceOrder, kind: K) {
  child.send(order);
  return heard(child, kind);
}

function heard<K extends Kind>(child: ChildProcess, kind: K): Promise<Extract<AudienceReport, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (report: AudienceReport): void => {
      if (report.kind !== kind && report.kind !== 'failed') return;
      done();
      if (report.kind === 'failed') reject(new Error(report.reason));
      else resolve(report as Extract<AudienceReport, { kind: K }>);
    };
    const onExit = (): void => {
      done();
      reject(new Error('A process of watchers has ended.'));
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
