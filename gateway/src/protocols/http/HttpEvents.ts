import type { ServerResponse } from 'node:http';
import { StreamFailure, type ClientEvents } from '../../result/operationOutcome.js';
import type { EventFrames } from './eventFrames.js';

/**
 * Writes the events of one subscription into a response, each when the client's connection has taken the one before: a
 * client that does not read holds one message, and is dropped when it has not taken that between two heartbeats.
 */
export class HttpEvents {
  /** Messages that the connection has not taken. */
  private unread = 0;
  private missedABeat = false;
  private failure: StreamFailure | null = null;

  constructor(
    private readonly response: ServerResponse,
    private readonly events: ClientEvents,
    private readonly frames: EventFrames,
    private readonly keepAliveMs: number,
  ) {}

  /** Ends it for a reason of ours, which is the last that the client is told. One that does not read is cut off instead. */
  fail(failure: StreamFailure): void {
    this.failure ??= failure;
    if (this.unread > 0) this.response.destroy();
    void this.events.return();
  }

  /** Resolves when it has ended, on either side. Rejects with what is nobody's to know. */
  async write(): Promise<void> {
    const { response, events, frames } = this;
    response.writeHead(200, {
      'content-type': frames.contentType,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(frames.first);
    const heartbeat = setInterval(() => this.beat(), this.keepAliveMs);
    heartbeat.unref();
    let begun = false;
    let end: StreamFailure | null = null;
    try {
      for await (const event of events) {
        if (response.destroyed) return;
        begun = true;
        await this.send(frames.event(event, events.cursor));
      }
    } catch (error) {
      if (!(error instanceof StreamFailure)) throw error;
      end = error;
    } finally {
      clearInterval(heartbeat);
      this.end(this.failure ?? end, begun);
    }
  }

  private end(failure: StreamFailure | null, begun: boolean): void {
    const { response, frames } = this;
    if (failure) {
      const isRefusal = !begun && failure !== this.failure && !failure.cuts;
      response.write(isRefusal ? frames.refusal(failure.errors) : frames.failure(failure.errors));
    }
    if (failure?.cuts) response.socket?.destroySoon();
    else response.end(frames.end);
  }

  private beat(): void {
    if (this.unread === 0) void this.send(this.frames.heartbeat);
    else if (this.missedABeat) this.response.destroy();
    else this.missedABeat = true;
  }

  private async send(frame: string): Promise<void> {
    this.unread += 1;
    await new Promise<void>((resolve) => this.response.write(frame, () => resolve()));
    this.unread -= 1;
    this.missedABeat = false;
  }
}
