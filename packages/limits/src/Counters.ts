import type { Claim, BudgetState } from './Budget.js';

/** Counts what is spent of budgets: in this process, or for all processes together in Redis. */
export interface Counters extends AsyncDisposable {
  /** Spends the points of all claims, refused ones included, in one round trip, and tells for each how its budget stands. Never throws. */
  take(claims: readonly Claim[]): Promise<BudgetState[]>;
  /** Begins the budget of a claim anew, as after a success that makes earlier failures harmless. Never throws. */
  forget(claim: Claim): Promise<void>;
  close(): Promise<void>;
}
