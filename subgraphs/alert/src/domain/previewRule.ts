import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { slidingFiguresCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { WindowFigure } from '@tributary/contracts/commands';
import { checkRule } from './checkRule.js';
import type { RuleDefinition } from './checkRule.js';
import { groupMemoryMs, isMet, valueWithoutTraces } from './ruleCondition.js';

export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/** A stretch of time in which the rule's alert would have been open. */
export interface AlertFiring {
  /** The first evaluation that met the condition. */
  readonly from: Date;
  /** The first evaluation behind it that did not; null when it was still firing at the range's end. */
  readonly to: Date | null;
  readonly key: string | null;
  /** The value furthest beyond the threshold. */
  readonly peak: number;
}

/** Evaluations of a preview at most; fewer than the live rule's only when the range is long. */
const maxEvaluations = 10_000;
const liveEvaluationMs = 10_000;
/** Evaluations for each length of a window, so that a peak on the border of two windows is seen. */
const evaluationsOfWindow = 4;
const maxFirings = 1_000;

/** When to evaluate. */
interface Evaluations {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
}

/**
 * What a rule would have done: its window slides over the range and is evaluated at steps of a quarter window (at least 10 s, and
 * longer, up to a whole window, for a long range). Neighbouring evaluations that fire are one firing. At most 1,000 are answered,
 * earliest first. Throws INVALID_INPUT for a reversed range and for one of more than 10,000 windows.
 */
export async function previewRule(
  commands: CommandClient,
  context: RequestContext,
  definition: RuleDefinition,
  range: TimeRange,
): Promise<AlertFiring[]> {
  const rule = checkRule(definition);
  const windowMs = rule.windowSeconds * 1_000;
  const evaluations = planEvaluations(range, windowMs, new Date());
  if (!evaluations) return [];
  const { metric, groupBy, scope } = rule;
  const figures = await commands.call(
    slidingFiguresCommand,
    { metric, groupBy, scope, windowMs, ...evaluations },
    context,
  );
  const firings = groupFigures(figures, groupBy === null).flatMap(([key, values]) =>
    findFirings(rule, key, values, evaluations),
  );
  return firings.sort((left, right) => left.from.getTime() - right.from.getTime()).slice(0, maxFirings);
}

/** Null when the whole range is in the future. */
function planEvaluations(range: TimeRange, windowMs: number, now: Date): Evaluations | null {
  const from = range.from.getTime();
  if (from >= range.to.getTime()) {
    throw new CodedError('INVALID_INPUT', '`from` must be before `to`.', { field: 'range' });
  }
  const lengthMs = Math.min(range.to.getTime(), now.getTime()) - from;
  if (lengthMs < 0) return null;
  const shortestMs = Math.ceil(lengthMs / (maxEvaluations - 1));
  if (shortestMs > windowMs) {
    throw new CodedError(
      'INVALID_INPUT',
      'This range has more than 10,000 windows of this rule. Take a shorter range.',
      {
        field: 'range',
      },
    );
  }
  const stepMs = Math.max(liveEvaluationMs, Math.ceil(windowMs / evaluationsOfWindow), shortestMs);
  return { firstEnd: range.from, count: Math.floor(lengthMs / stepMs) + 1, stepMs };
}

function groupFigures(
  figures: readonly WindowFigure[],
  isUngrouped: boolean,
): [string | null, Map<number, number | null>][] {
  const groups = new Map<string | null, Map<number, number | null>>(isUngrouped ? [[null, new Map()]] : []);
  for (const { key, index, value } of figures) {
    const known = groups.get(key);
    if (known) known.set(index, value);
    else groups.set(key, new Map([[index, value]]));
  }
  return [...groups];
}

function findFirings(
  rule: RuleDefinition,
  key: string | null,
  values: ReadonlyMap<number, number | null>,
  { firstEnd, count, stepMs }: Evaluations,
): AlertFiring[] {
  const firings: AlertFiring[] = [];
  const worse = rule.comparison === 'ABOVE' ? Math.max : Math.min;
  const endOf = (index: number) => new Date(firstEnd.getTime() + index * stepMs);
  let open: { from: Date; peak: number } | null = null;
  let lastSeen = -Infinity;
  for (let index = 0; index < count; index += 1) {
    if (values.has(index)) lastSeen = index;
    const isRemembered = rule.groupBy === null || (index - lastSeen) * stepMs <= groupMemoryMs;
    const silent = isRemembered ? valueWithoutTraces(rule.metric) : null;
    const value = values.has(index) ? values.get(index)! : silent;
    if (isMet(rule, value)) {
      open = open ? { from: open.from, peak: worse(open.peak, value) } : { from: endOf(index), peak: value };
    } else if (open) {
      firings.push({ ...open, to: endOf(index), key });
      open = null;
    }
  }
  if (open) firings.push({ ...open, to: null, key });
  return firings;
}
