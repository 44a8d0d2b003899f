import type { CommandClient } from '@tributary/commands';
import { isCodedError } from '@tributary/contracts/errors';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import type { AlertRuleRow } from '../storage/AlertRuleRow.js';
import type { InstanceRow } from '../storage/InstanceRow.js';
import { transitionsFrom } from '../storage/instanceStatements.js';
import type { StoredTransition } from '../storage/instanceStatements.js';
import type { ClaimedRule, Evaluated } from '../storage/ruleStatements.js';
import { discoveryEnds } from './discoveryEnds.js';
import { subjectOfRule } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { runTicks } from './evaluateTick.js';
import type { TickFigures, TickOutcome, TrackedByFingerprint } from './evaluateTick.js';
import { evaluatedRuleOf, knownOf, stepHealth, withMoved } from './Evaluation.js';
import type { Evaluation, MovedInstances } from './Evaluation.js';
import { groupsLately } from './groupsLately.js';
import type { KnownInstances, WriteOptions } from './InstanceWriter.js';
import type { LateRepair } from './LateRepair.js';
import { lateTicks } from './lateTicks.js';
import { planTicks } from './planTicks.js';
import type { TickPlan } from './planTicks.js';
import { readLate } from './readLate.js';
import { readTickFigures } from './readTickFigures.js';
import type { TickSpan } from './readTickFigures.js';
import { keyOfFingerprint, knownBefore } from './replayLate.js';

export interface RuleReaderOptions {
  /** Ticks that are caught up with after an outage; older ones are left out, and the rule says so. */
  readonly catchUpTicks: number;
  /** How far back what late data show is made up for. */
  readonly lateHorizonMs: number;
}

/** A rule that is claimed, what is known of it, and when that was, by the process's own clock. */
export interface ClaimedWithInstances extends ClaimedRule {
  readonly rows: readonly InstanceRow[];
  readonly claimedMs: number;
}

/** A rule that cannot be evaluated for so long has an alert that says so. */
const healthAfterMs = 5 * 60_000;
/** A rule is late when its evaluation comes more than this behind its tick. */
const lateAfterMs = 60_000;

/** Finds out what there is to be written of a claimed rule. */
export class RuleReader {
  constructor(
    private readonly database: Database,
    private readonly lateRepair: LateRepair,
    private readonly options: RuleReaderOptions,
  ) {}

  /** What is found of a rule, or that it is blind. Null: nothing is due of it. Never throws what commands throw. */
  async read(
    commands: CommandClient,
    context: RequestContext,
    claimed: ClaimedWithInstances,
  ): Promise<Evaluation | null> {
    try {
      return await this.found(commands, context, claimed);
    } catch (err) {
      return this.blind(context, claimed, err);
    }
  }

  private async found(
    commands: CommandClient,
    context: RequestContext,
    claimed: ClaimedWithInstances,
  ): Promise<Evaluation | null> {
    const { rule, at, rows } = claimed;
    const evaluated = evaluatedRuleOf(rule);
    const moments = {
      now: at.getTime(),
      delayMs: rule.delaySeconds * 1_000,
      evaluatedUntil: rule.evaluatedUntil?.getTime() ?? null,
    };
    const known = knownOf(rows, evaluated);
    const ends = await discoveryEnds(commands, context, evaluated, moments);
    const plan = planTicks(evaluated, moments, this.options.catchUpTicks, ends);
    if (plan.count === 0 && plan.beside.length === 0) return null;
    const late = await this.lookBack(commands, context, rule, evaluated, at);
    const seeds = rule.evaluatedUntil === null ? await groupsLately(commands, context, evaluated, plan.firstTick) : [];
    for (const seed of seeds) if (!known.tracked.has(seed.fingerprint)) known.tracked.set(seed.fingerprint, seed);
    const keys = keysOf(known.tracked);
    const { ticks, figures, isBehind } = await this.readTicks(commands, context, evaluated, plan, keys);
    let replayed: TickFigures[] = [];
    if (late.firstTick !== null) {
      const begun = late.transitions.map(({ fingerprint }) => keyOfFingerprint(evaluated, fingerprint));
      const span = spanUntil(evaluated, late.firstTick, moments.evaluatedUntil!);
      replayed = await readTickFigures(commands, context, evaluated, span, [...keys, ...begun]);
    }
    const lastTick = ticks.at(-1)!;
    const run = (from: TrackedByFingerprint) => runTicks(evaluated, from, ticks, figures);
    const first = run(known.tracked);
    const isQuiet =
      rows.length === 0 &&
      late.firstTick === null &&
      first.every(({ moved, tracked }) => moved.every(isNothing) && tracked.size === 0);
    const options = writeOptions(context);
    const move = async (transaction: WorkspaceTransaction, stored: KnownInstances): Promise<MovedInstances> => {
      const held = await this.repair(transaction, rule, evaluated, stored, { ...late, replayed }, options);
      const outcomes = run(rows.length === 0 && late.firstTick === null ? known.tracked : held.tracked);
      const healed = stepHealth(evaluated, outcomes.at(-1)!.tracked, 0, lastTick);
      const all = healed.length === 0 ? outcomes : [...outcomes, withMoved(evaluated, outcomes.at(-1)!, healed)];
      return { known: held, outcomes: all };
    };
    const leaves = (droppedGroups: number): Evaluated => {
      const lagMs = Math.round(
        Math.max(0, at.getTime() - lastTick - moments.delayMs) + performance.now() - claimed.claimedMs,
      );
      const isLate = lagMs > Math.max(lateAfterMs, evaluated.everyMs);
      return {
        evaluatedUntil: new Date(lastTick),
        health: isLate ? 'LATE' : 'OK',
        healthMessage: isLate ? 'Evaluations come late: there is more to do than evaluators manage.' : null,
        healthSince: isLate ? (rule.health === 'LATE' ? rule.healthSince : at) : null,
        lagMs,
        droppedGroups,
        skippedTicks: rule.skippedTicks + plan.skipped,
        lateIgnored: rule.lateIgnored + late.ignored,
        lateAfter: late.last,
        isBehind,
      };
    };
    const weight = rows.length + first.reduce((sum, { moved }) => sum + moved.length, 0) + replayed.length;
    return { rule, evaluated, weight, move: isQuiet ? null : move, options, leaves };
  }

  /** The ticks stay undecided and are made up for; what is told is that the rule is blind. */
  private blind(context: RequestContext, { rule, at, rows }: ClaimedWithInstances, err: unknown): Evaluation {
    const evaluated = evaluatedRuleOf(rule);
    const healthSince = rule.health === 'ERROR' && rule.healthSince ? rule.healthSince : at;
    const forMs = at.getTime() - healthSince.getTime();
    const healthMessage = err instanceof Error ? err.message.slice(0, 500) : 'No answer came.';
    const seconds = forMs >= healthAfterMs ? forMs / 1_000 : 0;
    const tick = at.getTime();
    const move = async (_: WorkspaceTransaction, known: KnownInstances): Promise<MovedInstances> => {
      const moved = stepHealth(evaluated, known.tracked, seconds, tick);
      const none: TickOutcome = { tick, moved: [], tracked: known.tracked, droppedGroups: 0 };
      return { known, outcomes: moved.length === 0 ? [] : [withMoved(evaluated, none, moved)] };
    };
    const told = { ...rule, healthMessage };
    const leaves = (): Evaluated => ({ ...rule, health: 'ERROR', healthMessage, healthSince, isBehind: false });
    const isQuiet = stepHealth(evaluated, knownOf(rows, evaluated).tracked, seconds, tick).length === 0;
    return { rule: told, evaluated, weight: 1, move: isQuiet ? null : move, options: writeOptions(context), leaves };
  }

  /** What came late since the last look, and which of the ticks that are decided it touches. */
  private async lookBack(
    commands: CommandClient,
    context: RequestContext,
    rule: AlertRuleRow,
    evaluated: EvaluatedRule,
    at: Date,
  ): Promise<LookedBack> {
    const nothing = { firstTick: null, ignored: 0, transitions: [] };
    // Only runs come late: flows and assets are as they are known.
    if (subjectOfRule(evaluated) !== 'RUNS') return { ...nothing, last: rule.lateAfter };
    const late = await readLate(commands, context, rule.lateAfter);
    if (rule.evaluatedUntil === null || rule.lateAfter === null) return { ...nothing, last: late.last };
    const { firstTick, ignored } = lateTicks(
      evaluated,
      { ...late, isNews: late.last > rule.lateAfter },
      {
        evaluatedUntil: rule.evaluatedUntil.getTime(),
        delayMs: rule.delaySeconds * 1_000,
        horizon: Math.max(at.getTime() - this.options.lateHorizonMs, rule.createdAt.getTime()),
      },
    );
    if (firstTick === null) return { ...nothing, ignored, last: late.last };
    const transitions = await this.database.read(scopeOf(context), transitionsFrom(rule.id, new Date(firstTick)));
    // What a person decided since stays: only what is behind it is evaluated anew.
    const decided = Math.max(...transitions.map((one) => (one.cause === 'DECIDED' ? one.tick.getTime() : 0)), 0);
    const from = decided < firstTick ? firstTick : (Math.floor(decided / evaluated.everyMs) + 1) * evaluated.everyMs;
    const isLeft = from <= rule.evaluatedUntil.getTime();
    return { firstTick: isLeft ? from : null, ignored, last: late.last, transitions };
  }

  private async repair(
    transaction: WorkspaceTransaction,
    rule: AlertRuleRow,
    evaluated: EvaluatedRule,
    known: KnownInstances,
    { firstTick, replayed }: LookedBack & { readonly replayed: readonly TickFigures[] },
    options: WriteOptions,
  ): Promise<KnownInstances> {
    if (firstTick === null) return known;
    const recorded = await transaction.query(transitionsFrom(rule.id, new Date(firstTick)));
    const before = knownBefore(evaluated, recorded, known.tracked, firstTick);
    if (!before) return known;
    const ticks = replayed.map((_, index) => firstTick + index * evaluated.everyMs);
    const outcomes = runTicks(evaluated, before, ticks, replayed);
    const replay = { firstTick, before, outcomes, recorded };
    return this.lateRepair.write(transaction, rule, known, replay, { ...options, late: true });
  }

  /** Ticks of the grid and those beside it, in order. */
  private async readTicks(
    commands: CommandClient,
    context: RequestContext,
    rule: EvaluatedRule,
    plan: TickPlan,
    keys: readonly (string | null)[],
  ): Promise<TicksRead> {
    const { everyMs: stepMs } = rule;
    const onGrid = plan.count === 0 ? [] : await this.figuresOf(commands, context, rule, plan, keys);
    const read = onGrid.map((figures, index) => ({ tick: plan.firstTick + index * stepMs, figures }));
    const isBehind = onGrid.length < plan.count;
    for (const tick of plan.beside) {
      // Nothing is looked at before what is in front of it.
      if (isBehind && tick > read[onGrid.length - 1]!.tick) break;
      const [figures] = await readTickFigures(commands, context, rule, { firstTick: tick, count: 1, stepMs }, keys);
      read.push({ tick, figures: figures! });
    }
    read.sort((one, other) => one.tick - other.tick);
    return { ticks: read.map(({ tick }) => tick), figures: read.map(({ figures }) => figures), isBehind };
  }

  /** Of the first ticks of a plan: all of them, or as many as are not too much to answer at once. */
  private async figuresOf(
    commands: CommandClient,
    context: RequestContext,
    rule: EvaluatedRule,
    { firstTick, count }: Pick<TickPlan, 'firstTick' | 'count'>,
    keys: readonly (string | null)[],
  ): Promise<TickFigures[]> {
    try {
      return await readTickFigures(commands, context, rule, { firstTick, count, stepMs: rule.everyMs }, keys);
    } catch (error) {
      if (!isCodedError(error) || error.code !== 'INVALID_INPUT' || count === 1) throw error;
      return this.figuresOf(commands, context, rule, { firstTick, count: Math.ceil(count / 8) }, keys);
    }
  }
}

/** Ticks that can be evaluated, with what is known at each. */
interface TicksRead {
  readonly ticks: readonly number[];
  readonly figures: readonly TickFigures[];
  /** Whether ticks are left that are due. */
  readonly isBehind: boolean;
}

/** What came late for a rule. */
interface LookedBack {
  /** Null: nothing is evaluated anew. */
  readonly firstTick: number | null;
  readonly ignored: number;
  /** The last batch that was looked at; null when none was. */
  readonly last: number | null;
  readonly transitions: readonly StoredTransition[];
}

function spanUntil({ everyMs: stepMs }: EvaluatedRule, firstTick: number, lastTick: number): TickSpan {
  return { firstTick, count: Math.floor((lastTick - firstTick) / stepMs) + 1, stepMs };
}

function keysOf(tracked: TrackedByFingerprint): (string | null)[] {
  return [...tracked.values()].flatMap(({ cause, key }) => (cause === 'CONDITION' ? [key] : []));
}

function isNothing({ before, effects, after }: TickOutcome['moved'][number]): boolean {
  return effects.length === 0 && before.state === 'OK' && after.instance.state === 'OK';
}

function writeOptions({ principal, requestId }: RequestContext): WriteOptions {
  return { actor: principal.actor, requestId, late: false };
}
