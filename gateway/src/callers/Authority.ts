import type { CodedError } from '@tributary/contracts/errors';
import { refusalOf, type Revocations, type Identity } from './identity.js';

/**
 * Whether the credentials behind a stream still hold. It is asked right before each event of each watcher, of whom there are thousands:
 * what held before, and can have changed neither by something heard nor by time, is answered from two numbers.
 */
export class Authority {
  private revocations: Revocations | null = null;
  /** Of what was heard when they last held. */
  private version = 0;
  /** Milliseconds since 1970, from which on time alone may have ended them. */
  private until = -Infinity;

  constructor(
    /** Whoever the stream is for by now. */
    private readonly identity: () => Identity | null,
    /** Told of what was found to stand against them. */
    private readonly onRefusal: (refusal: CodedError) => void = () => undefined,
  ) {}

  /** What stands against them by now. Null: nothing. */
  refusal(): CodedError | null {
    if (this.revocations !== null && this.revocations.version === this.version && Date.now() < this.until) return null;
    return this.look();
  }

  private look(): CodedError | null {
    const identity = this.identity();
    if (!identity) return null;
    this.revocations = identity.revocations ?? null;
    this.version = identity.revocations?.version ?? 0;
    const refusal = refusalOf(identity);
    this.until = refusal ? -Infinity : (identity.expiresAt?.getTime() ?? Infinity);
    if (refusal) this.onRefusal(refusal);
    return refusal;
  }
}
