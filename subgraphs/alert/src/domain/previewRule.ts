import type { AlertInstanceState } from '@tributary/contracts/values';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { scopeOf } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import { RouteRow } from '../storage/RouteRow.js';
import { listRoutes } from '../storage/routeStatements.js';
import { workspaceMadeAt } from '../storage/workspaceStatements.js';
import { isOpen } from './alertMachine.js';
import { checkRule } from './checkRule.js';
import type { RuleDefinition } from './checkRule.js';
import { countNotifications } from './countNotifications.js';
import type { Told } from './countNotifications.js';
import { describeAlert } from './describeAlert.js';
import type { DescribedRule } from './describeAlert.js';
import { discoveryEnds } from './discoveryEnds.js';
import { toEvaluatedRule } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { evaluateTick } from './evaluateTick.js';
import type { Tracked, TickFigures, TrackedByFingerprint } from './evaluateTick.js';
import { groupsLately } from './groupsLately.js';
import { readTickFigures } from './readTickFigures.js';
import type { TickSpan } from './readTickFigures.js';

export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/** A stretch of time in which the rule's alert would have been open. */
export interface AlertFiring {
  /** The tick at which it would have fired. */
  readonly from: Date;
  /** The tick at which it would have ended; null when it was still open at the range's end. */
  readonly to: Date | null;
  readonly key: string | null;
  /** The value furthest beyond the threshold; null when data were missing all along. */
  readonly peak: number | null;
}

export interface PreviewTransition {
  readonly at: Date;
  readonly key: string | null;
  readonly from: AlertInstanceState;
  readonly to: AlertInstanceState;
  readonly value: number | null;
}

export interface RulePreview {
  readonly firings: readonly AlertFiring[];
  readonly transitions: readonly PreviewTransition[];
  readonly evaluations: number;
  readonly notifications: number;
  readonly droppedGroups: number;
  readonly flapping: boolean;
  /** Whether ticks or firings were left out for their number. */
  readonly truncated: boolean;
  readonly freshAsOf: Date;
  /** The ticks that were evaluated. */
  readonly span: TickSpan;
  readonly rule: EvaluatedRule;
}

/** Ticks of a preview at most; a longer range is looked at in wider steps. */
const mostTicks = 10_080;
/** Ticks that are asked for at once. */
const ticksOfQuestion = 2_500;
const mostFirings = 1_000;
const mostTransitions = 10_000;

/**
 * What a rule would have done over a range: every tick of it goes through the machine that evaluates rules at work. Only a range of more
 * than 10,000 ticks is looked at in wider steps. Throws INVALID_INPUT for a reversed range and for one of more than 10,000 windows.
 */
export async function previewRule(
  database: Database,
  commands: CommandClient,
  context: RequestContext,
  definition: RuleDefinition,
  range: TimeRange,
  ruleId: string | null = null,
): Promise<RulePreview> {
  checkRule(definition);
  const now = new Date();
  const [[madeAt], routes] = await database.readBatch(scopeOf(context), [
    workspaceMadeAt(),
    listRoutes(database.table(RouteRow)),
  ]);
  const begins = (madeAt ?? now).getTime();
  const graceUntil = begins + definition.windowSeconds * 1_000;
  const rule = toEvaluatedRule(definition, 'preview', graceUntil);
  const span = planPreview(rule, range, now.getTime() - definition.delaySeconds * 1_000);
  const described = { ...definition, id: ruleId, healthMessage: null };
  const run = new PreviewRun(rule, begins, described);
  if (span.count > 0) run.seed(await groupsLately(commands, context, rule, span.firstTick));
  const until = Math.min(range.to.getTime(), now.getTime());
  const ends =
    span.count === 0
      ? []
      : await discoveryEnds(commands, context, rule, { evaluatedUntil: span.firstTick, now: until });
  for await (const { tick, figures } of readAll(commands, context, run, span, ends)) run.evaluate(figures, tick);
  return {
    ...run.result(routes, until),
    truncated: run.isTruncated || span.stepMs > rule.everyMs,
    freshAsOf: now,
    span,
    rule,
  };
}

/** The values behind a preview, for a chart: of at most ten groups, those that were worst, at 240 of the ticks. */
export async function previewPoints(
  commands: CommandClient,
  context: RequestContext,
  { rule, span }: Pick<RulePreview, 'rule' | 'span'>,
): Promise<{ readonly key: string | null; readonly at: Date; readonly value: number | null }[]> {
  if (span.count === 0) return [];
  const wider = Math.ceil(span.count / mostPoints);
  const stepMs = span.stepMs * wider;
  const count = Math.floor((span.count - 1) / wider) + 1;
  const drawn: EvaluatedRule = { ...rule, conditions: rule.conditions.slice(0, 1), expect: [] };
  const ticks = await readTickFigures(commands, context, drawn, { ...span, stepMs, count }, null);
  const keys = new Map<string | null, number>();
  const { comparison } = rule.conditions[0]!;
  const side = comparison === 'ABOVE' ? 1 : -1;
  for (const [values] of ticks) {
    for (const [key, value] of values!) {
      if (value !== null) keys.set(key, Math.max(keys.get(key) ?? -Infinity, side * value));
    }
  }
  const worst = [...keys].sort(([, one], [, other]) => other - one).slice(0, mostDrawn);
  return worst.flatMap(([key]) =>
    ticks.map(([values], index) => ({
      key,
      at: new Date(span.firstTick + index * stepMs),
      value: values!.get(key) ?? null,
    })),
  );
}

const mostPoints = 240;
const mostDrawn = 10;

/** None when the whole range is in the future. */
function planPreview({ everyMs, conditions }: EvaluatedRule, range: TimeRange, until: number): TickSpan {
  const from = range.from.getTime();
  if (from >= range.to.getTime()) {
    throw new CodedError('INVALID_INPUT', '`from` must be before `to`.', { field: 'range' });
  }
  const to = Math.min(range.to.getTime(), until);
  const firstTick = Math.ceil(from / everyMs) * everyMs;
  const ticks = Math.max(0, Math.floor((to - firstTick) / everyMs) + 1);
  const stepMs = everyMs * Math.max(1, Math.ceil(ticks / mostTicks));
  if (stepMs > everyMs && stepMs > conditions[0]!.windowMs) {
    throw new CodedError(
      'INVALID_INPUT',
      'This range has more than 10,000 windows of this rule. Take a shorter range.',
      { field: 'range' },
    );
  }
  return { firstTick, count: Math.max(0, Math.floor((to - firstTick) / stepMs) + 1), stepMs };
}

async function* readAll(
  commands: CommandClient,
  context: RequestContext,
  run: PreviewRun,
  { firstTick, count, stepMs }: TickSpan,
  ends: readonly number[],
): AsyncGenerator<{ readonly tick: number; readonly figures: TickFigures }> {
  let most = ticksOfQuestion;
  const beside = [...ends];
  const readBeside = async function* (before: number) {
    for (let [tick] = beside; tick !== undefined && tick <= before; [tick] = beside) {
      beside.shift();
      if (tick === before) continue;
      const [figures] = await readTickFigures(
        commands,
        context,
        run.rule,
        { firstTick: tick, count: 1, stepMs },
        run.keys(),
      );
      yield { tick, figures: figures! };
    }
  };
  for (let done = 0; done < count;) {
    const part = { firstTick: firstTick + done * stepMs, count: Math.min(most, count - done), stepMs };
    let found: TickFigures[];
    try {
      found = await readTickFigures(commands, context, run.rule, part, run.keys());
    } catch (error) {
      // Too many groups for so many ticks: fewer at once.
      if (!isCodedError(error) || error.code !== 'INVALID_INPUT' || part.count === 1) throw error;
      most = Math.ceil(part.count / 8);
      continue;
    }
    for (const [index, figures] of found.entries()) {
      const tick = part.firstTick + index * stepMs;
      yield* readBeside(tick);
      yield { tick, figures };
    }
    done += part.count;
  }
  yield* readBeside(Infinity);
}

/** Evaluates tick by tick and keeps what would have happened. */
class PreviewRun {
  isTruncated = false;
  private tracked: TrackedByFingerprint = new Map();
  private hasOlderData = false;
  private evaluations = 0;
  private droppedGroups = 0;
  private isFlapping = false;
  private readonly transitions: PreviewTransition[] = [];
  private readonly firings: AlertFiring[] = [];
  private readonly open = new Map<string, { from: number; key: string | null; peak: number | null }>();
  private readonly told: Told[] = [];

  /** `madeAt`: when the workspace was. */
  constructor(
    readonly rule: EvaluatedRule,
    private readonly madeAt: number,
    private readonly described: DescribedRule,
  ) {}

  keys(): (string | null)[] {
    return [...this.tracked.values()].flatMap(({ cause, key }) => (cause === 'CONDITION' ? [key] : []));
  }

  seed(lately: readonly Tracked[]): void {
    this.tracked = new Map(lately.map((one) => [one.fingerprint, one]));
  }

  evaluate(figures: TickFigures, tick: number): void {
    if (tick < this.madeAt) this.hasOlderData ||= figures.some((values) => values.size > 0);
    // A workspace that is new is not silent, unless it has data from before it was made.
    const rule = this.hasOlderData ? { ...this.rule, graceUntil: -Infinity } : this.rule;
    const outcome = evaluateTick(rule, this.tracked, figures, tick);
    this.tracked = outcome.tracked;
    this.evaluations += 1;
    this.droppedGroups = Math.max(this.droppedGroups, outcome.droppedGroups);
    for (const { before, after, effects } of outcome.moved) {
      this.isFlapping ||= after.instance.flapping;
      if (before.state !== after.instance.state) this.note(before.state, after, tick);
      if (effects.length > 0) {
        const alert = describeAlert(this.described, after, false);
        for (const { kind } of effects) this.told.push({ kind, at: tick, alert });
      }
      this.draw(after, tick);
    }
  }

  result(
    routes: readonly RouteRow[],
    until: number,
  ): Pick<RulePreview, 'firings' | 'transitions' | 'evaluations' | 'notifications' | 'droppedGroups' | 'flapping'> {
    for (const { from, key, peak } of this.open.values()) this.addFiring({ from: new Date(from), to: null, key, peak });
    this.open.clear();
    return {
      firings: this.firings.sort((one, other) => one.from.getTime() - other.from.getTime()),
      transitions: this.transitions,
      evaluations: this.evaluations,
      notifications: countNotifications(this.told, routes, until),
      droppedGroups: this.droppedGroups,
      flapping: this.isFlapping,
    };
  }

  private note(from: AlertInstanceState, { key, instance }: Tracked, tick: number): void {
    if (this.transitions.length < mostTransitions) {
      this.transitions.push({ at: new Date(tick), key, from, to: instance.state, value: instance.value });
    } else this.isTruncated = true;
  }

  private draw({ fingerprint, cause, key, instance }: Tracked, tick: number): void {
    if (cause === 'OVERFLOW') return;
    const drawn = this.open.get(fingerprint);
    if (isOpen(instance)) {
      const { value, observedAt } = instance;
      const seen = observedAt === tick ? value : null;
      if (drawn) drawn.peak = this.worse(drawn.peak, seen);
      else this.open.set(fingerprint, { from: tick, key, peak: seen });
    } else if (drawn) {
      this.addFiring({ from: new Date(drawn.from), to: new Date(tick), key, peak: drawn.peak });
      this.open.delete(fingerprint);
    }
  }

  private addFiring(firing: AlertFiring): void {
    if (this.firings.length < mostFirings) this.firings.push(firing);
    else this.isTruncated = true;
  }

  private worse(one: number | null, other: number | null): number | null {
    if (one === null || other === null) return one ?? other;
    return this.rule.conditions[0]!.comparison === 'ABOVE' ? Math.max(one, other) : Math.min(one, other);
  }
}
