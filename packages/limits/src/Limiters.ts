import { sharedKey } from '@tributary/kernel';
import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Budget, Claim, BudgetState } from './Budget.js';

/** One limiter of the library for each budget, made when it is first needed. */
export class Limiters {
  private readonly known = new Map<string, RateLimiterAbstract>();

  constructor(private readonly make: (budget: Budget) => RateLimiterAbstract) {}

  /** Rejects when the store does not answer. */
  async take(claim: Claim): Promise<BudgetState> {
    const { budget, points = 1 } = claim;
    try {
      return budgetState(budget, true, await this.of(budget).consume(keyOf(claim), points));
    } catch (refusal) {
      // The library throws how the budget stands when it refuses, and an Error when the store failed.
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return budgetState(budget, false, refusal);
    }
  }

  async forget(claim: Claim): Promise<void> {
    await this.of(claim.budget).delete(keyOf(claim));
  }

  private of({ name, points, seconds }: Budget): RateLimiterAbstract {
    const id = `${name} ${points}/${seconds}`;
    let limiter = this.known.get(id);
    if (!limiter) this.known.set(id, (limiter = this.make({ name, points, seconds })));
    return limiter;
  }
}

function keyOf({ budget, workspaceId, identifier }: Claim): string {
  return sharedKey({ domain: 'limits', workspaceId, scope: budget.name, identifier });
}

function budgetState(budget: Budget, allowed: boolean, result: RateLimiterRes): BudgetState {
  return {
    budget,
    allowed,
    remaining: allowed ? result.remainingPoints : 0,
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  };
}
