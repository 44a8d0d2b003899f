import { Deadline, newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { isCodedError } from '@tributary/contracts/errors';
import type { CommandClient } from '@tributary/commands';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { AlertRuleRow } from '../storage/AlertRuleRow.js';
import { InstanceRow } from '../storage/InstanceRow.js';
import { instancesOfRule, lockInstancesOfRule, transitionsFrom } from '../storage/instanceStatements.js';
import type { StoredTransition } from '../storage/instanceStatements.js';
import { claimRule, finishEvaluation, lockClaimedRule } from '../storage/ruleStatements.js';
import type { ClaimedRule, Evaluated } from '../storage/ruleStatements.js';
import type { AlertTransitions } from './AlertTransitions.js';
import { discoveryEnds } from './discoveryEnds.js';
import { subjectOfRule, toEvaluatedRule } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { isWorthKeeping, runTicks, stepOwn } from './evaluateTick.js';
import type { TickFigures, TickOutcome, Tracked, TrackedByFingerprint } from './evaluateTick.js';
import { groupsLately } from './groupsLately.js';
import { InstanceWriter } from './InstanceWriter.js';
import { trackedOf } from './instanceRecords.js';
import type { KnownInstances, WriteOptions } from './InstanceWriter.js';
import { LateRepair } from './LateRepair.js';
import { lateTicks } from './lateTicks.js';
import { readLate } from './readLate.js';
import { keyOfFingerprint, knownBefore } from './replayLate.js';
import { Lanes } from './Lanes.js';
import { planTicks } from './planTicks.js';
import type { TickPlan } from './planTicks.js';
import { readTickFigures } from './readTickFigures.js';
import type { TickSpan } from './readTickFigures.js';

export interface RuleEvaluatorOptions {
  /** Rules that are evaluated side by side. */
  readonly lanes: number;
  /** Ticks that are caught up with after an outage; older ones are left out, and the rule says so. */
  readonly catchUpTicks: number;
  /** How far back what late data show is made up for. */
  readonly lateHorizonMs: number;
  /** Moves PostgreSQL's clock, which says what is due: a test's way to wait. */
  readonly aheadMs?: () => number;
}

/** Due rules that are looked for at once. */
const rulesOfLook = 100;
const lookAgainMs = 250;
const evaluationMs = 10_000;
/** A rule that cannot be evaluated for so long has an alert that says so. */
const healthAfterMs = 5 * 60_000;
/** A rule is late when its evaluation comes more than this behind its tick. */
const lateAfterMs = 60_000;

/**
 * Evaluates the enabled rules of all workspaces. Any number of evaluators share the work: a rule is claimed by one conditional UPDATE,
 * and what an evaluation found is written only while nobody has claimed or changed the rule since, so each change is announced once.
 * Ticks are those of a grid and come from PostgreSQL's clock; those that were missed are made up for in order.
 */
export class RuleEvaluator {
  private readonly writer: InstanceWriter;
  private readonly lateRepair: LateRepair;
  private readonly lanes: Lanes;

  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    transitions: AlertTransitions,
    private readonly logger: Logger,
    private readonly options: RuleEvaluatorOptions,
  ) {
    this.writer = new InstanceWriter(database, transitions);
    this.lateRepair = new LateRepair(database, transitions, this.writer);
    this.lanes = new Lanes(options.lanes);
  }

  /** Evaluates what is due now, and what becomes due meanwhile. */
  async evaluateDueRules(): Promise<void> {
    let lookedAt = -Infinity;
    const look = async () => {
      lookedAt = performance.now();
      const due = await this.database.lookup('due_alert_rules_in_turn', [rulesOfLook, this.aheadMs]);
      this.lanes.add(
        due.map((row) => ({ workspaceId: row['workspace_id'] as string, ruleId: row['rule_id'] as string })),
      );
    };
    await look();
    const work = async (): Promise<void> => {
      for (let next = this.lanes.next(); next; next = this.lanes.next()) {
        const { workspaceId, ruleId } = next;
        try {
          await this.evaluate(workspaceId, ruleId);
        } catch (err) {
          this.logger.warn({ err, workspaceId, ruleId }, 'a rule could not be evaluated and will be tried again');
        } finally {
          this.lanes.done(next);
        }
        if (performance.now() - lookedAt > lookAgainMs) await look();
      }
    };
    await Promise.all(Array.from({ length: this.options.lanes }, work));
  }

  private async evaluate(workspaceId: string, ruleId: string): Promise<void> {
    const claimed = await this.claim(workspaceId, ruleId);
    if (!claimed) return;
    const { rule, at, rows } = claimed;
    const context: RequestContext = {
      principal: systemPrincipal(workspaceId, 'alert.rules'),
      requestId: newUuid(),
      deadline: Deadline.in(evaluationMs),
    };
    const evaluated = evaluatedRuleOf(rule);
    const moments = {
      now: at.getTime(),
      delayMs: rule.delaySeconds * 1_000,
      evaluatedUntil: rule.evaluatedUntil?.getTime() ?? null,
    };
    const known = knownOf(rows, evaluated);
    let plan: TickPlan;
    let found: TicksRead;
    let late: LookedBack;
    let replayed: TickFigures[] = [];
    try {
      const ends = await discoveryEnds(this.commands, context, evaluated, moments);
      plan = planTicks(evaluated, moments, this.options.catchUpTicks, ends);
      if (plan.count === 0 && plan.beside.length === 0) return;
      late = await this.lookBack(context, rule, evaluated, at);
      const seeds =
        rule.evaluatedUntil === null ? await groupsLately(this.commands, context, evaluated, plan.firstTick) : [];
      for (const seed of seeds) if (!known.tracked.has(seed.fingerprint)) known.tracked.set(seed.fingerprint, seed);
      const keys = keysOf(known.tracked);
      found = await this.readTicks(context, evaluated, plan, keys);
      if (late.firstTick !== null) {
        const begun = late.transitions.map(({ fingerprint }) => keyOfFingerprint(evaluated, fingerprint));
        const span = spanUntil(evaluated, late.firstTick, moments.evaluatedUntil!);
        replayed = await readTickFigures(this.commands, context, evaluated, span, [...keys, ...begun]);
      }
    } catch (err) {
      await this.writeFailure(context, { rule, at }, evaluated, err);
      throw err;
    }
    const { ticks, figures } = found;
    const lastTick = ticks.at(-1)!;
    const lagMs = Math.max(0, at.getTime() - lastTick - moments.delayMs);
    const isLate = lagMs > Math.max(lateAfterMs, evaluated.everyMs);
    const done = (droppedGroups: number): Evaluated => ({
      evaluatedUntil: new Date(lastTick),
      health: isLate ? 'LATE' : 'OK',
      healthMessage: isLate ? 'Evaluations come late: there is more to do than evaluators manage.' : null,
      healthSince: isLate ? (rule.health === 'LATE' ? rule.healthSince : at) : null,
      lagMs,
      droppedGroups,
      skippedTicks: rule.skippedTicks + plan.skipped,
      lateIgnored: rule.lateIgnored + late.ignored,
      lateAfter: late.last,
      isBehind: found.isBehind,
    });
    const run = (from: TrackedByFingerprint) => runTicks(evaluated, from, ticks, figures);
    const first = run(known.tracked);
    const isQuiet =
      rows.length === 0 &&
      late.firstTick === null &&
      first.every(({ moved, tracked }) => moved.every(isNothing) && tracked.size === 0);
    if (isQuiet) {
      await this.database.withWorkspace({ workspaceId }, (transaction) =>
        transaction.query(finishEvaluation(rule, done(0))),
      );
      return;
    }
    await this.inFence(workspaceId, rule, async (transaction) => {
      const stored = knownOf(await transaction.query(lockInstancesOfRule(this.instances, rule.id)), evaluated);
      const held = await this.repair(
        transaction,
        rule,
        evaluated,
        stored,
        { ...late, replayed },
        writeOptions(context),
      );
      const outcomes = run(rows.length === 0 && late.firstTick === null ? known.tracked : held.tracked);
      const healed = stepHealth(evaluated, outcomes.at(-1)!.tracked, 0, lastTick);
      const all = healed.length === 0 ? outcomes : [...outcomes, withMoved(evaluated, outcomes.at(-1)!, healed)];
      await this.writer.write(transaction, rule, held, all, writeOptions(context));
      await transaction.query(finishEvaluation(rule, done(outcomes.at(-1)!.droppedGroups)));
    });
  }

  private async claim(
    workspaceId: string,
    ruleId: string,
  ): Promise<(ClaimedRule & { readonly rows: readonly InstanceRow[] }) | null> {
    const table = this.database.table(AlertRuleRow);
    return this.database.withWorkspace({ workspaceId }, async (transaction) => {
      const claim = await transaction.queryOne(claimRule(table, ruleId, this.aheadMs));
      if (!claim) return null;
      return { ...claim, rows: await transaction.query(instancesOfRule(this.instances, ruleId)) };
    });
  }

  /** What came late since the last look, and which of the ticks that are decided it touches. */
  private async lookBack(
    context: RequestContext,
    rule: AlertRuleRow,
    evaluated: EvaluatedRule,
    at: Date,
  ): Promise<LookedBack> {
    const nothing = { firstTick: null, ignored: 0, transitions: [] };
    // Only runs come late: flows and assets are as they are known.
    if (subjectOfRule(evaluated) !== 'RUNS') return { ...nothing, last: rule.lateAfter };
    const late = await readLate(this.commands, context, rule.lateAfter);
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
    const scope = { workspaceId: rule.workspaceId };
    const transitions = await this.database.read(scope, transitionsFrom(rule.id, new Date(firstTick)));
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
    context: RequestContext,
    rule: EvaluatedRule,
    plan: TickPlan,
    keys: readonly (string | null)[],
  ): Promise<TicksRead> {
    const { everyMs: stepMs } = rule;
    const onGrid = plan.count === 0 ? [] : await this.figuresOf(context, rule, plan, keys);
    const read = onGrid.map((figures, index) => ({ tick: plan.firstTick + index * stepMs, figures }));
    const isBehind = onGrid.length < plan.count;
    for (const tick of plan.beside) {
      // Nothing is looked at before what is in front of it.
      if (isBehind && tick > read[onGrid.length - 1]!.tick) break;
      const [figures] = await readTickFigures(
        this.commands,
        context,
        rule,
        { firstTick: tick, count: 1, stepMs },
        keys,
      );
      read.push({ tick, figures: figures! });
    }
    read.sort((one, other) => one.tick - other.tick);
    return { ticks: read.map(({ tick }) => tick), figures: read.map(({ figures }) => figures), isBehind };
  }

  /** Of the first ticks of a plan: all of them, or as many as are not too much to answer at once. */
  private async figuresOf(
    context: RequestContext,
    rule: EvaluatedRule,
    { firstTick, count }: Pick<TickPlan, 'firstTick' | 'count'>,
    keys: readonly (string | null)[],
  ): Promise<TickFigures[]> {
    try {
      return await readTickFigures(this.commands, context, rule, { firstTick, count, stepMs: rule.everyMs }, keys);
    } catch (error) {
      if (!isCodedError(error) || error.code !== 'INVALID_INPUT' || count === 1) throw error;
      return this.figuresOf(context, rule, { firstTick, count: Math.ceil(count / 8) }, keys);
    }
  }

  /** The ticks stay undecided and are made up for; what is told is that the rule is blind. */
  private async writeFailure(
    context: RequestContext,
    { rule, at }: ClaimedRule,
    evaluated: EvaluatedRule,
    err: unknown,
  ): Promise<void> {
    const since = rule.health === 'ERROR' && rule.healthSince ? rule.healthSince : at;
    const forMs = at.getTime() - since.getTime();
    const message = err instanceof Error ? err.message.slice(0, 500) : 'No answer came.';
    await this.inFence(rule.workspaceId, rule, async (transaction) => {
      const held = knownOf(await transaction.query(lockInstancesOfRule(this.instances, rule.id)), evaluated);
      const seconds = forMs >= healthAfterMs ? forMs / 1_000 : 0;
      const moved = stepHealth(evaluated, held.tracked, seconds, at.getTime());
      const none: TickOutcome = { tick: at.getTime(), moved: [], tracked: held.tracked, droppedGroups: 0 };
      const told = { ...rule, healthMessage: message };
      if (moved.length > 0)
        await this.writer.write(transaction, told, held, [withMoved(evaluated, none, moved)], writeOptions(context));
      await transaction.query(
        finishEvaluation(rule, {
          ...rule,
          health: 'ERROR',
          healthMessage: message,
          healthSince: since,
          isBehind: false,
        }),
      );
    });
  }

  /** Runs `work` while the rule is as it was claimed; does nothing when it is not. */
  private async inFence(
    workspaceId: string,
    rule: AlertRuleRow,
    work: (transaction: WorkspaceTransaction) => Promise<void>,
  ): Promise<void> {
    await this.database.withWorkspace({ workspaceId }, async (transaction) => {
      if (await transaction.queryOne(lockClaimedRule(rule))) await work(transaction);
    });
  }

  private get instances() {
    return this.database.table(InstanceRow);
  }

  private get aheadMs(): number {
    return this.options.aheadMs?.() ?? 0;
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

function evaluatedRuleOf(rule: AlertRuleRow): EvaluatedRule {
  return toEvaluatedRule(rule, rule.id, rule.createdAt.getTime() + rule.windowSeconds * 1_000);
}

function knownOf(
  rows: readonly InstanceRow[],
  { fingerprint }: EvaluatedRule,
): KnownInstances & { readonly tracked: Map<string, Tracked> } {
  return {
    tracked: new Map(rows.map((row) => [row.fingerprint, trackedOf(row, fingerprint)])),
    lastAlerts: new Map(rows.flatMap((row) => (row.lastAlertId === null ? [] : [[row.fingerprint, row.lastAlertId]]))),
  };
}

function keysOf(tracked: TrackedByFingerprint): (string | null)[] {
  return [...tracked.values()].flatMap(({ cause, key }) => (cause === 'CONDITION' ? [key] : []));
}

function isNothing({ before, effects, after }: TickOutcome['moved'][number]): boolean {
  return effects.length === 0 && before.state === 'OK' && after.instance.state === 'OK';
}

/** The alert that a rule has while it has been blind for long. `seconds`: for how long; 0 when it sees. */
function stepHealth(rule: EvaluatedRule, known: TrackedByFingerprint, seconds: number, tick: number) {
  return stepOwn(rule, known, `${rule.fingerprint}#health`, 'HEALTH', null, seconds, tick);
}

function withMoved(rule: EvaluatedRule, outcome: TickOutcome, moved: TickOutcome['moved']): TickOutcome {
  const tracked = new Map(outcome.tracked);
  for (const { after } of moved) {
    if (isWorthKeeping(rule, after, outcome.tick)) tracked.set(after.fingerprint, after);
    else tracked.delete(after.fingerprint);
  }
  return { ...outcome, moved, tracked };
}

function writeOptions({ principal, requestId }: RequestContext): WriteOptions {
  return { actor: principal.actor, requestId, late: false };
}
