import type { BudgetState } from '@tributary/limits';
import type { HttpExchange } from './HttpExchange.js';

/**
 * Tells a client how its budgets stand: `RateLimit-Policy` and `RateLimit` in the form of the IETF's draft (version 10:
 * `"requests";q=120000;w=60` and `"requests";r=119999;t=60`), and `Retry-After` when one of them refuses.
 */
export function setRateLimitHeaders({ response }: HttpExchange, budgetStates: readonly BudgetState[]): void {
  if (budgetStates.length === 0) return;
  response.setHeader(
    'ratelimit-policy',
    budgetStates.map(({ budget }) => `"${budget.name}";q=${budget.points};w=${budget.seconds}`).join(', '),
  );
  response.setHeader(
    'ratelimit',
    budgetStates
      .map(({ budget, remaining, resetSeconds }) => `"${budget.name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  );
  const waits = budgetStates.filter(({ allowed }) => !allowed).map(({ resetSeconds }) => resetSeconds);
  if (waits.length > 0) response.setHeader('retry-after', String(Math.max(...waits)));
}
