import type { StoredProgress, WaitingMessage } from '../../storage/positionStatements.js';

/** A number of the log, with the cursor that leads behind it. */
export interface Place {
  readonly sequence: number;
  readonly cursor: string;
}

/** How often a message was sent before, and how often its receiver would not take it. */
export type Tries = Required<Pick<WaitingMessage, 'refusals' | 'attempts'>>;

/** How far a position has come whose messages do not all wait for each other: a beginning that is behind it, and numbers taken beyond. */
export class Progress {
  private readonly done: Set<number>;
  private readonly waiting: Map<number, WaitingMessage>;
  /** What was read behind the beginning, in order: events to send, and ends of pages, which nothing is to be done for. */
  private read: (Place & { readonly isEvent: boolean })[] = [];

  constructor(private stored: StoredProgress) {
    this.done = new Set(stored.doneSeqs);
    this.waiting = new Map(stored.waiting.map((message) => [message.seq, message]));
  }

  /** A page was read: these are to be sent, and all else up to `end` is not. */
  noteRead(events: readonly Place[], end: Place): void {
    this.read.push(...events.map((event) => ({ ...event, isEvent: true })), { ...end, isEvent: false });
  }

  private isOpen(seq: number): boolean {
    return seq > this.stored.seq && !this.done.has(seq);
  }

  /** Taken, or given up. */
  pass(seq: number): void {
    this.done.add(seq);
    this.waiting.delete(seq);
  }

  /** To be tried again. */
  hold(message: WaitingMessage): void {
    this.waiting.set(message.seq, message);
  }

  /** How often it was sent before, and refused. */
  triesOf(seq: number): Tries {
    const { refusals = 0, attempts = refusals } = this.waiting.get(seq) ?? {};
    return { refusals, attempts };
  }

  isDue(seq: number, now: number): boolean {
    return (this.waiting.get(seq)?.dueAt ?? 0) <= now;
  }

  get hasWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** What is written of it: the beginning moves up to the first event that is still to be sent. */
  toStored(): StoredProgress {
    const open = this.read.findIndex(({ sequence, isEvent }) => isEvent && this.isOpen(sequence));
    const behind = this.read.slice(0, open === -1 ? undefined : open).at(-1);
    const { sequence: seq, cursor } =
      behind && behind.sequence > this.stored.seq ? behind : { sequence: this.stored.seq, cursor: this.stored.cursor };
    for (const number of this.done) if (number <= seq) this.done.delete(number);
    this.read = this.read.filter(({ sequence }) => sequence > seq);
    const numbers = [...this.done].sort((one, other) => one - other);
    this.stored = { seq, cursor, doneSeqs: numbers, waiting: [...this.waiting.values()] };
    return this.stored;
  }
}
