import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Claim, BudgetState } from './Budget.js';
import type { Counters } from './Counters.js';
import { Limiters } from './Limiters.js';

/** Counts for this process alone: embedded mode, and cluster mode while Redis is away. */
export class InProcessCounters implements Counters {
  private readonly limiters = new Limiters(
    ({ points, seconds }) => new RateLimiterMemory({ keyPrefix: '', points, duration: seconds }),
  );

  take(claims: readonly Claim[]): Promise<BudgetState[]> {
    return Promise.all(claims.map((claim) => this.limiters.take(claim)));
  }

  forget(claim: Claim): Promise<void> {
    return this.limiters.forget(claim);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
