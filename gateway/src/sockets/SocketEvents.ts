import { serialisedBytes } from '../operations/serialised.js';
import type { ClientEvents, FormattedResult } from '../operations/operationOutcome.js';
import { InterruptibleEvents } from '../live/InterruptibleEvents.js';

/**
 * What graphql-ws is given to read of a subscription. It hands out nothing: it writes each event itself, as the `next`
 * message of this subscription around bytes that all watchers of the event share, and then ends or fails as the events do,
 * which graphql-ws makes into `complete` and `error`.
 */
export class SocketEvents extends InterruptibleEvents<FormattedResult> {
  private readonly head: Buffer;
  private ended = false;

  constructor(
    id: string,
    private readonly events: ClientEvents,
    /** Calls `taken` when the client's connection has taken the message. */
    private readonly send: (message: Buffer, taken: () => void) => void,
  ) {
    super();
    this.head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  async next(): Promise<IteratorResult<FormattedResult, void>> {
    while (!this.ended) {
      await this.events.follow?.((result, taken) => this.send(this.message(result), taken));
      if (this.ended) break;
      const step = await this.events.next();
      if (step.done || this.ended) break;
      await new Promise<void>((resolve) => this.send(this.message(step.value), resolve));
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<FormattedResult, void>> {
    this.ended = true;
    await this.events.return();
    return { value: undefined, done: true };
  }

  private message(result: FormattedResult): Buffer {
    const payload = serialisedBytes(result);
    const { length } = this.head;
    const message = Buffer.allocUnsafe(length + payload.length + 1);
    this.head.copy(message, 0);
    payload.copy(message, length);
    message[length + payload.length] = closingBrace;
    return message;
  }
}

const closingBrace = 0x7d;
