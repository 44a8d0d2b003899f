import type { EvaluatedRule } from './EvaluatedRule.js';

/** The ticks of one evaluation. */
export interface TickPlan {
  readonly firstTick: number;
  /** 0: none is due. */
  readonly count: number;
  /** Too long ago to be caught up with. */
  readonly skipped: number;
}

/**
 * The ticks of a rule's grid that are due and not decided: whole multiples of its step since 1970, each as soon as `delayMs` has passed
 * since. `now` is PostgreSQL's. Of a rule that was never evaluated it is the last one.
 */
export function planTicks(
  { everyMs }: Pick<EvaluatedRule, 'everyMs'>,
  moments: { readonly now: number; readonly delayMs: number; readonly evaluatedUntil: number | null },
  mostTicks: number,
): TickPlan {
  const { now, delayMs, evaluatedUntil } = moments;
  const last = Math.floor((now - delayMs) / everyMs) * everyMs;
  const next = evaluatedUntil === null ? last : (Math.floor(evaluatedUntil / everyMs) + 1) * everyMs;
  const due = Math.max(0, Math.round((last - next) / everyMs) + 1);
  const skipped = Math.max(0, due - mostTicks);
  return { firstTick: next + skipped * everyMs, count: due - skipped, skipped };
}
