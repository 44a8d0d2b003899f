import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { InterruptibleEvents } from '../../result/InterruptibleEvents.js';
import type { ClientEvents, EventSink, FormattedResult } from '../../result/operationOutcome.js';
import { serialisedBytes } from '../../result/serialised.js';
import type { ClientConnection, JointWrites } from './JointWrites.js';

/**
 * What graphql-ws is given to read of a subscription. It hands out nothing: it writes each event itself, as the `next`
 * message of this subscription around bytes that all watchers of the event share, and then ends or fails as the events do,
 * which graphql-ws makes into `complete` and `error`.
 */
export class SocketEvents extends InterruptibleEvents<FormattedResult> implements EventSink {
  private readonly head: Buffer;
  private readonly socket: WebSocket;
  private readonly connection: Duplex;
  private ended = false;

  constructor(
    id: string,
    private readonly events: ClientEvents,
    { socket, connection }: ClientConnection,
    private readonly writes: JointWrites,
  ) {
    super();
    this.head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.socket = socket;
    this.connection = connection;
  }

  async next(): Promise<IteratorResult<FormattedResult, void>> {
    while (!this.ended) {
      await this.events.follow?.(this);
      if (this.ended) break;
      const step = await this.events.next();
      if (step.done || this.ended) break;
      await new Promise<void>((resolve) => this.write(step.value, resolve));
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<FormattedResult, void>> {
    this.ended = true;
    await this.events.return();
    return { value: undefined, done: true };
  }

  write(result: FormattedResult, taken: () => void): void {
    const { socket, connection, head } = this;
    this.writes.write({ socket, connection, head, payload: serialisedBytes(result), taken });
  }
}
