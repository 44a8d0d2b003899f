import { CodedError } from '@tributary/contracts/errors';

/** Node fires a timer that is to wait longer at once: for it, this is for ever. */
const longestTimerMs = 2_147_483_647;

/** The moment by which a request must be answered, handed down as what is left of it. */
export class Deadline {
  private constructor(private readonly at: number) {}

  /** `ms` from now. */
  static in(ms: number): Deadline {
    return new Deadline(performance.now() + ms);
  }

  /** Milliseconds left, never below 0 and never more than a timer can wait for (24 days). */
  remaining(): number {
    return Math.min(longestTimerMs, Math.max(0, this.at - performance.now()));
  }

  /** Milliseconds left, at most `ms`: what a single step may take. Throws SERVICE_UNAVAILABLE when nothing is left. */
  atMost(ms: number): number {
    const left = this.remaining();
    if (left <= 0)
      throw new CodedError('SERVICE_UNAVAILABLE', 'The request ran out of its time. Ask for less, or try again.');
    return Math.min(left, ms);
  }
}
