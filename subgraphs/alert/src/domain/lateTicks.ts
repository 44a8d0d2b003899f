import type { LateMinutes } from '@tributary/contracts/commands';
import type { TimeSpan } from '@tributary/contracts/events';
import { reachMsOf } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { isOfFlows } from './ruleSubject.js';

const minuteMs = 60_000;
/** Data that come within this are not told of as late: a rule that waits for less looks at them again. */
const presentMs = 15_000;

export interface LateTicks {
  /** The first tick whose windows hold what came late; null: nothing that was decided is touched. */
  readonly firstTick: number | null;
  /** Minutes of late data that are too old to be made up for. */
  readonly ignored: number;
}

/** Which of a rule's decided ticks, the last of which is `evaluatedUntil`, late data may have changed. */
export function lateTicks(
  rule: Pick<EvaluatedRule, 'everyMs' | 'timeBasis' | 'conditions'>,
  late: LateMinutes & { readonly isNews: boolean },
  moments: { readonly evaluatedUntil: number; readonly delayMs: number; readonly horizon: number },
): LateTicks {
  const { everyMs, timeBasis, conditions } = rule;
  const { evaluatedUntil, delayMs, horizon } = moments;
  // What came in then came in then, and what flows did is known at once: it is never late.
  if (timeBasis === 'INGESTED' || conditions.some(({ metric }) => isOfFlows(metric)))
    return { firstTick: null, ignored: 0 };
  const longestMs = Math.max(...conditions.map(reachMsOf));
  const spans: (readonly [from: number, to: number])[] = (timeBasis === 'ENDED' ? late.ended : late.started).map(
    ([from, to]: TimeSpan) => [from * minuteMs, to * minuteMs],
  );
  if (late.isNews && delayMs < presentMs) spans.push([evaluatedUntil + delayMs - presentMs, evaluatedUntil]);
  let firstTick: number | null = null;
  let ignored = 0;
  for (const [from, to] of spans) {
    if (to < horizon) {
      ignored += Math.round((Math.min(to, horizon) - from) / minuteMs);
      if (to + longestMs <= horizon) continue;
    }
    // A window that ends at `from` holds nothing of it, the next one may.
    const touched = (Math.floor(Math.max(from, horizon) / everyMs) + 1) * everyMs;
    if (touched <= evaluatedUntil && touched < to + longestMs + everyMs)
      firstTick = Math.min(firstTick ?? Infinity, touched);
  }
  return { firstTick, ignored };
}
