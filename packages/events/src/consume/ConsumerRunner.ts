import { setTimeout as delay } from 'node:timers/promises';
import { Repeating } from '@tributary/kernel';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import type { Bus, Unsubscribe } from '../Bus.js';
import { readForward } from '../eventLog.js';
import type { LoggedEvent } from '../eventLog.js';
import { hintPattern, workspaceOfHint } from '../hint.js';
import type { Consumer } from './Consumer.js';
import { beginPosition, lockPosition, movePosition } from './consumerPosition.js';

export interface ConsumerRunnerOptions {
  readonly consumer: Consumer;
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  /** Between two looks at the streams that were written to of late, for hints that got lost. Default 1,000. */
  readonly pollMs?: number;
  /** How long hints are gathered before the first of them is acted on, so that a burst is handled in one transaction. Default 25. */
  readonly gatherMs?: number;
}

/** Workspaces that are looked at in one round, and events that are taken in one transaction. */
const workspacesOfRound = 100;
const maxEvents = 200;
/** Between two looks at the streams of all workspaces, which take time with the number of workspaces. */
const fullLookMs = 60_000;

/** Has a consumer read what is new: at once where a hint says so, and in every workspace from time to time. */
export class ConsumerRunner implements AsyncDisposable {
  private readonly poll: Repeating;
  private readonly hinted = new Set<string>();
  /** Workspaces whose events could not be handled: they are tried again with each look. */
  private readonly failed = new Set<string>();
  private lookedAtAllAt = -Infinity;
  /** Events that are taken in one transaction, in workspaces where more of them failed. */
  private readonly fewer = new Map<string, number>();
  private answering: Promise<void> | null = null;
  private unsubscribe: Promise<Unsubscribe> | null = null;
  private stopGapListener: () => void = () => undefined;

  constructor(private readonly options: ConsumerRunnerOptions) {
    const { consumer, logger, pollMs = consumer.everyMs ?? 1_000 } = options;
    this.poll = new Repeating({
      everyMs: pollMs,
      work: () => this.look(),
      onFault: (err) =>
        logger.warn({ err, consumer: consumer.name }, 'looking for new events failed; it is tried again'),
    });
  }

  start(): void {
    const { bus, consumer, logger } = this.options;
    this.unsubscribe = bus.subscribePattern(hintPattern(consumer.stream), (channel) =>
      this.hear(workspaceOfHint(channel)),
    );
    this.unsubscribe.catch((err: unknown) => logger.debug({ err }, 'hints are not heard; the poll finds what is new'));
    this.stopGapListener = bus.onGap(() => {
      this.lookedAtAllAt = -Infinity;
      void this.poll.now();
    });
    void this.poll.start().now();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.stopGapListener();
    this.hinted.clear();
    const unsubscribe = await this.unsubscribe?.catch(() => null);
    await Promise.all([this.poll.stop(), this.answering, unsubscribe?.()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Reads what is new in all workspaces. */
  async catchUp(): Promise<void> {
    this.lookedAtAllAt = performance.now();
    await this.readBehind('streams_behind');
  }

  /** Reads what a hint may have been lost for: what was written of late, and from time to time all. */
  private async look(): Promise<void> {
    if (performance.now() - this.lookedAtAllAt >= fullLookMs) return this.catchUp();
    const again = [...this.failed];
    this.failed.clear();
    for (const workspaceId of again) await this.readAll(workspaceId);
    await this.readBehind('streams_with_news');
  }

  /** Round by round, as long as each finds workspaces that the ones before it did not. */
  private async readBehind(lookup: 'streams_behind' | 'streams_with_news'): Promise<void> {
    const { consumer, database } = this.options;
    const met = new Set<string>();
    for (;;) {
      const rows = await database.lookup(lookup, [consumer.name, consumer.stream, workspacesOfRound]);
      const behind = rows.map((row) => row['workspace_id'] as string).filter((workspaceId) => !met.has(workspaceId));
      for (const workspaceId of behind) {
        met.add(workspaceId);
        await this.readAll(workspaceId);
      }
      if (rows.length < workspacesOfRound || behind.length === 0) return;
    }
  }

  private hear(workspaceId: string): void {
    this.hinted.add(workspaceId);
    this.answering ??= this.answerHints().finally(() => {
      this.answering = null;
    });
  }

  private async answerHints(): Promise<void> {
    await delay(this.options.gatherMs ?? this.options.consumer.everyMs ?? 25);
    for (const workspaceId of this.hinted) {
      this.hinted.delete(workspaceId);
      await this.readAll(workspaceId);
    }
  }

  private async readAll(workspaceId: string): Promise<void> {
    const { consumer, logger } = this.options;
    try {
      while (await this.takeTurn(workspaceId)) {
        // More of this workspace's log may be waiting.
      }
      this.fewer.delete(workspaceId);
    } catch (err) {
      this.failed.add(workspaceId);
      // What is too much at once, or one that cannot be handled, keeps the fewest others from being handled.
      this.fewer.set(workspaceId, Math.max(1, Math.floor((this.fewer.get(workspaceId) ?? maxEvents) / 2)));
      logger.warn({ err, workspaceId, consumer: consumer.name }, 'events were not consumed and will be tried again');
    }
  }

  /** Handles the next events of a workspace; answers whether there may be more. */
  private takeTurn(workspaceId: string): Promise<boolean> {
    const { consumer, database } = this.options;
    const { name, stream, types } = consumer;
    return database.withWorkspace({ workspaceId }, async (transaction) => {
      await transaction.query(beginPosition(name, stream));
      const position = await transaction.queryOne(lockPosition(name, stream));
      if (position === null) return false;
      const limit = this.fewer.get(workspaceId) ?? maxEvents;
      const page = await transaction.query(readForward(stream, position, limit));
      const events = bearable(consumer, page);
      const last = events.at(-1);
      if (!last) return false;
      const wanted = events.filter((event) => types.includes(event.type));
      if (wanted.length > 0) await consumer.handle(transaction, wanted);
      await transaction.query(movePosition(name, stream, last.sequence));
      return events.length < page.length || page.length === limit;
    });
  }
}

/** The first events, as far as they are not too much together. */
function bearable({ weigh, maxWeight = Infinity }: Consumer, events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  if (!weigh) return events;
  let weight = 0;
  const end = events.findIndex((event, index) => {
    weight += weigh(event);
    return index > 0 && weight > maxWeight;
  });
  return end === -1 ? events : events.slice(0, end);
}
