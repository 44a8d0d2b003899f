const budgets = new WeakMap<object, number>();

/** Milliseconds that this call of a subgraph was given. Throws when nothing gave it any: every call has a limit. */
export function callBudgetOf(request: object): number {
  const budget = budgets.get(request);
  if (budget === undefined) throw new Error('A subgraph was called without a limit of time.');
  return budget;
}

export function setCallBudget(request: object, ms: number): void {
  budgets.set(request, ms);
}
