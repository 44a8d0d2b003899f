import type { EvaluatedRule } from './EvaluatedRule.js';

/** The ticks of one evaluation. */
export interface TickPlan {
  readonly firstTick: number;
  /** 0: none is due. */
  readonly count: number;
  /** Too long ago to be caught up with. */
  readonly skipped: number;
  /** Ticks beside the grid, ascending: the ends of discoveries. */
  readonly beside: readonly number[];
}

/**
 * The ticks of a rule's grid that are due and not decided: whole multiples of its step since 1970, each as soon as `delayMs` has passed
 * since. `now` is PostgreSQL's. Of a rule that was never evaluated it is the last one. `ends` are those of discoveries since: ticks of their
 * own, for which those of the grid before them are not waited with.
 */
export function planTicks(
  { everyMs }: Pick<EvaluatedRule, 'everyMs'>,
  moments: { readonly now: number; readonly delayMs: number; readonly evaluatedUntil: number | null },
  mostTicks: number,
  ends: readonly number[] = [],
): TickPlan {
  const { now, delayMs, evaluatedUntil } = moments;
  const last = Math.floor(Math.max(now - delayMs, ends.at(-1) ?? -Infinity) / everyMs) * everyMs;
  const next = evaluatedUntil === null ? last : (Math.floor(evaluatedUntil / everyMs) + 1) * everyMs;
  const due = Math.max(0, Math.round((last - next) / everyMs) + 1);
  const skipped = Math.max(0, due - mostTicks);
  const firstTick = next + skipped * everyMs;
  const beside = ends.filter(
    (end) => end % everyMs !== 0 && end > firstTick - everyMs && end > (evaluatedUntil ?? last),
  );
  return { firstTick, count: due - skipped, skipped, beside };
}
