import type { LoggedEvent } from './eventLog.js';
import type { StreamId } from '@tributary/contracts/events';

/** Events that a process keeps of each watched stream. */
const ringSize = 256;

/**
 * One stream that somebody in this process watches: how far the log is known, its last events, and who waits. Events enter only in
 * order and without a gap.
 */
export class WatchedStream {
  private readonly ring: LoggedEvent[] = [];
  private readonly waiters = new Set<() => void>();
  private pumping: Promise<void> | null = null;
  private pumpAgain = false;
  watchers = 0;

  constructor(
    readonly workspaceId: string,
    readonly stream: StreamId,
    /** Last sequence that this process knows of. */
    public head: number,
    private readonly readBehind: (sequence: number) => Promise<LoggedEvent[]>,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Events behind `sequence` from the ring; null when the ring does not reach back that far. */
  after(sequence: number): readonly LoggedEvent[] | null {
    if (sequence >= this.head) return [];
    const first = this.ring[0];
    if (!first || sequence + 1 < first.sequence) return null;
    return this.ring.slice(sequence + 1 - first.sequence);
  }

  /** Reads what the log has behind the head. Many calls at once make at most two reads. */
  pump(): Promise<void> {
    if (this.pumping) {
      this.pumpAgain = true;
      return this.pumping;
    }
    this.pumping = this.readAll()
      .catch(this.onFault)
      .finally(() => {
        this.pumping = null;
      });
    return this.pumping;
  }

  /** Resolves when the head passes `sequence`, or the signal aborts. */
  async grown(sequence: number, signal: AbortSignal): Promise<void> {
    while (this.head <= sequence && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.waiters.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.waiters.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  }

  private async readAll(): Promise<void> {
    do {
      this.pumpAgain = false;
      const events = await this.readBehind(this.head);
      // A process that slept for days finds that the log begins later now. Whoever reads from behind the ring learns why.
      if (events[0] && events[0].sequence > this.head + 1) this.restartAt(events[0].sequence);
      for (const event of events) this.push(event);
      if (events.length > 0) {
        for (const wake of [...this.waiters]) wake();
        this.pumpAgain = true;
      }
    } while (this.pumpAgain && this.watchers > 0);
  }

  private restartAt(sequence: number): void {
    this.ring.length = 0;
    this.head = sequence - 1;
  }

  private push(event: LoggedEvent): void {
    if (event.sequence !== this.head + 1) {
      throw new Error(`The log of ${this.stream} has a gap: ${event.sequence} follows ${this.head}.`);
    }
    this.ring.push(event);
    if (this.ring.length > ringSize) this.ring.shift();
    this.head = event.sequence;
  }
}
