import { LRUCache } from 'lru-cache';
import { CodedError } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';
import type { Budget, Claim, Counters, BudgetState } from '@tributary/limits';
import type { BudgetSettings } from '../settings.js';

/** How the budgets of a caller stand after a request. */
export interface Spending {
  readonly budgetStates: readonly BudgetState[];
  /** RATE_LIMIT_EXCEEDED or BUDGET_EXCEEDED; null when all budgets let it through. */
  readonly refusal: CodedError | null;
}

const windowSeconds = 60;
/** Callers that are remembered to have used up a budget; more only makes the counters be asked again. */
const maxExhausted = 10_000;

/** What each person or key, and each workspace, may ask for in a minute: requests, and the cost of their operations. */
export class CallerBudgets {
  private readonly requests: Budget;
  private readonly cost: Budget;
  private readonly workspaceRequests: Budget;
  private readonly workspaceCost: Budget;
  private readonly used = new LRUCache<string, Spending>({ max: maxExhausted });

  constructor(
    private readonly counters: Counters,
    settings: BudgetSettings,
  ) {
    const budget = (name: string, points: number): Budget => ({ name, points, seconds: windowSeconds });
    this.requests = budget('requests', settings.requests);
    this.cost = budget('cost', settings.cost);
    this.workspaceRequests = budget('workspace-requests', settings.workspaceRequests);
    this.workspaceCost = budget('workspace-cost', settings.workspaceCost);
  }

  /**
   * Looks at a request and pays for it: one request, and the cost that `prepare` finds. What `prepare` refuses costs one
   * request, too, and whoever has used up a budget is refused before `prepare` is called. Throws what `prepare` throws,
   * RATE_LIMIT_EXCEEDED or BUDGET_EXCEEDED. `onBudgetStates` is told how the budgets stand, whatever comes of it.
   */
  async paidFor<Prepared extends { readonly cost: number }>(
    principal: Principal,
    prepare: () => Prepared,
    onBudgetStates: (budgetStates: readonly BudgetState[]) => void = () => undefined,
  ): Promise<Prepared> {
    let prepared: Prepared | null = null;
    let refused: unknown = null;
    let spending = this.usedUp(principal);
    if (!spending) {
      try {
        prepared = prepare();
      } catch (error) {
        refused = error;
      }
      spending = await this.spend(principal, prepared?.cost ?? 0);
    }
    onBudgetStates(spending.budgetStates);
    if (spending.refusal) throw spending.refusal;
    if (!prepared) throw refused;
    return prepared;
  }

  /** Pays for one request of this cost. Never throws. */
  async spend(principal: Principal, cost: number): Promise<Spending> {
    const budgetStates = await this.counters.take(this.claims(principal, cost));
    const over = budgetStates.find(({ allowed }) => !allowed);
    const spending = { budgetStates, refusal: over ? refusalOf(over) : null };
    if (over) this.remember(principal, spending, over.resetSeconds);
    return spending;
  }

  /** Pays for what a request turned out to cost, when it was known only afterwards: who has spent it all is refused the next time. Never throws. */
  async charge(principal: Principal, cost: number): Promise<void> {
    const ofCost = this.claims(principal, cost).filter(
      ({ budget }) => budget === this.cost || budget === this.workspaceCost,
    );
    if (cost > 0 && ofCost.length > 0) await this.counters.take(ofCost);
  }

  private claims({ workspaceId, actor }: Principal, cost: number): Claim[] {
    const caller = actor.kind === 'system' ? actor.part : `${actor.kind}-${actor.id}`;
    const claims: Claim[] = [
      { budget: this.requests, workspaceId, identifier: caller },
      { budget: this.cost, workspaceId, identifier: caller, points: cost },
      { budget: this.workspaceRequests, workspaceId, identifier: 'all' },
      { budget: this.workspaceCost, workspaceId, identifier: 'all', points: cost },
    ];
    return claims.filter(({ budget }) => budget.points > 0);
  }

  private usedUp(principal: Principal): Spending | null {
    return this.used.get(keyOf(principal)) ?? null;
  }

  /** For a second at a time, so that what is told of the time to wait stays true. */
  private remember(principal: Principal, spending: Spending, resetSeconds: number): void {
    const ttl = Math.ceil(Math.min(1, resetSeconds) * 1_000);
    if (ttl > 0) this.used.set(keyOf(principal), spending, { ttl });
  }
}

function keyOf({ workspaceId, actor }: Principal): string {
  return `${workspaceId} ${actor.kind} ${actor.kind === 'system' ? actor.part : actor.id}`;
}

function refusalOf({ budget, resetSeconds }: BudgetState): CodedError {
  const details = {
    budget: budget.name,
    most: budget.points,
    perSeconds: budget.seconds,
    retryAfterSeconds: resetSeconds,
  };
  const whose = budget.name.startsWith('workspace-') ? 'The workspace has' : 'You have';
  return budget.name.endsWith('cost')
    ? new CodedError('BUDGET_EXCEEDED', `${whose} used up what operations may cost in a minute.`, details)
    : new CodedError('RATE_LIMIT_EXCEEDED', `${whose} sent too many requests in a minute.`, details);
}
