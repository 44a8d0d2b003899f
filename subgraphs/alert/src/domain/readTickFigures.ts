import {
  assetFiguresCommand,
  flowFiguresCommand,
  slidingFiguresCommand,
  webhookFiguresCommand,
} from '@tributary/contracts/commands';
import type { InputOf, WindowFigure } from '@tributary/contracts/commands';
import type { AlertMetric } from '@tributary/contracts/values';
import type { CommandClient } from '@tributary/commands';
import type { RequestContext } from '@tributary/kernel';
import { isFigureOfRuns, isOfAssets, isOfDiscoveries, isOfFlows, isOfTraces, isOfWebhooks } from './ruleSubject.js';
import type { EvaluatedCondition, EvaluatedRule } from './EvaluatedRule.js';
import { remembersGroups } from './evaluateTick.js';
import type { TickFigures } from './evaluateTick.js';

/** Ticks one step apart. */
export interface TickSpan {
  readonly firstTick: number;
  readonly count: number;
  readonly stepMs: number;
}

type Key = string | null;
type ValuesOfTick = Map<Key, number | null>;

/** Below every value of every metric: with it, all groups are answered. */
export const belowEverything = { comparison: 'ABOVE', threshold: -1e15 } as const;

/**
 * What is known of a rule's groups at each tick: of those that meet a condition, of those that are asked for by key, and of all where
 * their silence may be what is wrong; with null for `keys`, of all. Throws what the metrics subgraph throws.
 */
export async function readTickFigures(
  commands: CommandClient,
  context: RequestContext,
  rule: EvaluatedRule,
  span: TickSpan,
  keys: readonly Key[] | null,
): Promise<TickFigures[]> {
  if (keys === null) return transposed(span, await readConditions(commands, context, rule, span, null, false));
  const wanted = new Set<Key>([...keys, ...rule.expect]);
  const found = await readConditions(commands, context, rule, span, [...wanted], false);
  if (rule.groupBy !== null && rule.conditions.length > 1) {
    // A group that meets one condition is looked at by all of them.
    const others = new Set(found.flat().flatMap((values) => [...values.keys()]));
    const more = [...others].filter((key) => !wanted.has(key));
    if (more.length > 0) {
      for (const [index, ticks] of (await readConditions(commands, context, rule, span, more, true)).entries()) {
        for (const [tick, values] of ticks.entries())
          for (const [key, value] of values) found[index]![tick]!.set(key, value);
      }
    }
  }
  return transposed(span, found);
}

function transposed({ count }: TickSpan, found: readonly ValuesOfTick[][]): TickFigures[] {
  return Array.from({ length: count }, (_, tick) => found.map((ticks) => ticks[tick]!));
}

function readConditions(
  commands: CommandClient,
  context: RequestContext,
  rule: EvaluatedRule,
  span: TickSpan,
  keys: readonly Key[] | null,
  alone: boolean,
): Promise<ValuesOfTick[][]> {
  return Promise.all(
    rule.conditions.map((condition) => readCondition(commands, context, rule, condition, span, keys, alone)),
  );
}

/** Of one condition, for each tick. `alone`: only the groups that are asked for. */
async function readCondition(
  commands: CommandClient,
  context: RequestContext,
  rule: EvaluatedRule,
  condition: EvaluatedCondition,
  span: TickSpan,
  keys: readonly Key[] | null,
  alone: boolean,
): Promise<ValuesOfTick[]> {
  const { metric, comparison, threshold, windowMs } = condition;
  if (metric === 'CHANGE_SHARE') return readChanges(commands, context, rule, condition, span, keys, alone);
  const windows = { windowMs, firstEnd: new Date(span.firstTick), count: span.count, stepMs: span.stepMs };
  const { groupBy } = rule;
  if (!isFigureOfRuns(metric) || !isOfTraces(groupBy)) return readOthers(commands, context, rule, metric, windows);
  const isOfAll = remembersGroups(rule);
  const common = {
    metric,
    groupBy,
    scope: rule.scope,
    timeBasis: rule.timeBasis,
    condition:
      groupBy === null || alone || keys === null ? null : isOfAll ? belowEverything : { comparison, threshold },
    keys: groupBy === null || keys === null ? null : [...keys],
  };
  const ticks = Array.from({ length: span.count }, (): ValuesOfTick => new Map());
  for (const { key, index, value } of await commands.call(slidingFiguresCommand, { ...common, ...windows }, context)) {
    ticks[index]?.set(key, value);
  }
  return ticks;
}

/** By which share runs have changed against the window before. A group without runs before has no value. */
async function readChanges(
  commands: CommandClient,
  context: RequestContext,
  rule: EvaluatedRule,
  condition: EvaluatedCondition,
  span: TickSpan,
  keys: readonly Key[] | null,
  alone: boolean,
): Promise<ValuesOfTick[]> {
  const runs = { ...condition, metric: 'REQUESTS', ...belowEverything } as const;
  const before = { ...span, firstTick: span.firstTick - condition.windowMs };
  const [now, then] = await Promise.all(
    [span, before].map((of) => readCondition(commands, context, rule, runs, of, keys, alone)),
  );
  return now!.map((values, index) => {
    const changes: ValuesOfTick = new Map();
    for (const key of new Set([...values.keys(), ...then![index]!.keys()])) {
      const [runsNow, runsThen] = [values.get(key) ?? 0, then![index]!.get(key) ?? 0];
      changes.set(key, runsThen === 0 ? null : (runsNow - runsThen) / runsThen);
    }
    return changes;
  });
}

type Moments = Pick<InputOf<typeof flowFiguresCommand>, 'firstEnd' | 'count' | 'stepMs' | 'windowMs'>;

/** Of flows, assets and webhooks, every group that has one. */
async function readOthers(
  commands: CommandClient,
  context: RequestContext,
  { groupBy }: EvaluatedRule,
  metric: AlertMetric,
  windows: Moments,
): Promise<ValuesOfTick[]> {
  const ticks = Array.from({ length: windows.count }, (): ValuesOfTick => new Map());
  const answer = (found: readonly WindowFigure[]) => {
    for (const { key, index, value } of found) ticks[index]?.set(key, value);
    return ticks;
  };
  if (isOfFlows(metric) && (groupBy === null || groupBy === 'FLOW' || groupBy === 'FLOW_KIND'))
    return answer(await commands.call(flowFiguresCommand, { measure: metric, groupBy, ...windows }, context));
  if (isOfDiscoveries(metric) && (groupBy === null || groupBy === 'SOURCE'))
    return answer(await commands.call(flowFiguresCommand, { measure: metric, groupBy, ...windows }, context));
  if (
    isOfAssets(metric) &&
    (groupBy === null || groupBy === 'ASSET' || groupBy === 'ASSET_KIND' || groupBy === 'SOURCE')
  )
    return answer(await commands.call(assetFiguresCommand, { measure: metric, groupBy, ...windows }, context));
  if (isOfWebhooks(metric) && (groupBy === null || groupBy === 'WEBHOOK')) {
    const { windowMs: _, ...moments } = windows;
    return answer(await commands.call(webhookFiguresCommand, { measure: metric, groupBy, ...moments }, context));
  }
  throw new Error('A rule that is checked groups what it measures by what that has.');
}
