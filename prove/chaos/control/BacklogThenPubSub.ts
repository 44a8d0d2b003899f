import type { Database, TenantScope } from '@tributary/data';
import { readForward, readHead, type Bus, type StreamEvent, type SubscribeOptions } from '@tributary/events';
import { type StreamId } from '@tributary/contracts/events';
import { payloadChannel, type PublishedEvent } from './publishPayloads.ts';

/** What it looks at of an event, from the log or from pub/sub. */
type Known = PublishedEvent & { readonly at?: Date };

/**
 * Subscriptions as they are usually built: read the backlog, then attach to pub/sub, whose messages are the events. It has the
 * interface of EventStreams, and none of its promises: what is committed between the two, or while pub/sub is away, is lost, and
 * what arrives late comes twice.
 */
export class BacklogThenPubSub {
  readonly #database: Database;
  readonly #bus: Bus;

  constructor(database: Database, bus: Bus) {
    this.#database = database;
    this.#bus = bus;
  }

  subscribe(scope: TenantScope, stream: StreamId, options: SubscribeOptions): AsyncIterableIterator<StreamEvent> {
    const left = new AbortController();
    const events = this.#read(scope, stream, options, left.signal);
    return {
      next: () => events.next(),
      return: () => {
        left.abort();
        return events.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#read(
    { workspaceId }: TenantScope,
    stream: StreamId,
    { after, snapshot, accepts }: SubscribeOptions,
    left: AbortSignal,
  ): AsyncGenerator<StreamEvent, undefined, undefined> {
    let cursor: string;
    let read: number;
    if (after === null) {
      const [head] = await this.#database.read({ workspaceId }, readHead(stream));
      const payload = snapshot ? ((await this.#database.read({ workspaceId }, snapshot))[0] ?? {}) : {};
      read = head?.last.sequence ?? 0;
      cursor = cursorAt(read);
      yield { sequence: read, cursor, previousCursor: null, type: 'stream.snapshot', payload, occurredAt: new Date() };
    } else {
      cursor = after;
      read = sequenceOf(after);
    }
    const given = (event: Known): StreamEvent => {
      const previousCursor = cursor;
      cursor = cursorAt(event.sequence);
      const { sequence, type, payload } = event;
      return { sequence, cursor, previousCursor, type, payload, occurredAt: event.at ?? new Date() };
    };
    for (;;) {
      const page = await this.#database.read({ workspaceId }, readForward(stream, read, 256));
      if (page.length === 0) break;
      for (const event of page) {
        read = event.sequence;
        if (!accepts || accepts(event)) yield given(event);
      }
    }
    const queue: PublishedEvent[] = [];
    let wake = (): void => undefined;
    const unsubscribe = await this.#bus.subscribe(payloadChannel(workspaceId, stream), (message) => {
      queue.push(...(JSON.parse(message) as PublishedEvent[]));
      wake();
    });
    left.addEventListener('abort', () => wake());
    try {
      while (!left.aborted) {
        const event = queue.shift();
        if (event) yield given(event);
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      return;
    } finally {
      await unsubscribe();
    }
  }
}

function cursorAt(sequence: number): string {
  return Buffer.from(String(sequence)).toString('base64url');
}

function sequenceOf(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64url').toString());
}
