import type { CodedError } from '@tributary/contracts/errors';
import { objectionTo, type Heard, type Identity } from './identity.js';

/**
 * Whether the credentials behind a stream still hold. It is asked right before each event of each watcher, of whom there are thousands:
 * what held before, and can have changed neither by something heard nor by time, is answered from two numbers.
 */
export class Authority {
  private heard: Heard | null = null;
  /** Of what was heard when they last held. */
  private version = 0;
  /** Milliseconds since 1970, from which on time alone may have ended them. */
  private until = -Infinity;

  constructor(
    /** Whoever the stream is for by now. */
    private readonly identity: () => Identity | null,
    /** Told of what was found to stand against them. */
    private readonly onObjection: (objection: CodedError) => void = () => undefined,
  ) {}

  /** What stands against them by now. Null: nothing. */
  objection(): CodedError | null {
    if (this.heard !== null && this.heard.version === this.version && Date.now() < this.until) return null;
    return this.look();
  }

  private look(): CodedError | null {
    const identity = this.identity();
    if (!identity) return null;
    this.heard = identity.heard ?? null;
    this.version = identity.heard?.version ?? 0;
    const objection = objectionTo(identity);
    this.until = objection ? -Infinity : (identity.expiresAt?.getTime() ?? Infinity);
    if (objection) this.onObjection(objection);
    return objection;
  }
}
