import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { InterruptibleEvents } from '../live/InterruptibleEvents.js';
import type { ClientEvents, EventSink, FormattedResult } from '../operations/operationOutcome.js';
import { serialisedBytes } from '../operations/serialised.js';
import type { JointWrites } from './JointWrites.js';
import { textFrameHeader } from './textFrames.js';

/** Where the events of a subscription are written. */
export interface EventWriting {
  readonly socket: WebSocket;
  /** What the socket writes to. */
  readonly connection: Duplex;
  readonly writes: JointWrites;
}

/**
 * What graphql-ws is given to read of a subscription. It hands out nothing: it writes each event itself, as the `next`
 * message of this subscription around bytes that all watchers of the event share, and then ends or fails as the events do,
 * which graphql-ws makes into `complete` and `error`.
 */
export class SocketEvents extends InterruptibleEvents<FormattedResult> implements EventSink {
  private readonly head: Buffer;
  private readonly socket: WebSocket;
  private readonly connection: Duplex;
  private readonly writes: JointWrites;
  private ended = false;

  constructor(
    id: string,
    private readonly events: ClientEvents,
    { socket, connection, writes }: EventWriting,
  ) {
    super();
    this.head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.socket = socket;
    this.connection = connection;
    this.writes = writes;
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
    this.writes.write(this.socket, this.connection, this.frame(result), taken);
  }

  private frame(result: FormattedResult): Buffer {
    const payload = serialisedBytes(result);
    const header = textFrameHeader(this.head.length + payload.length + 1);
    const payloadAt = header.length + this.head.length;
    const frame = Buffer.allocUnsafe(payloadAt + payload.length + 1);
    frame.set(header, 0);
    frame.set(this.head, header.length);
    frame.set(payload, payloadAt);
    frame[payloadAt + payload.length] = closingBrace;
    return frame;
  }
}

const closingBrace = 0x7d;
