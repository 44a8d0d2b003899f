import { setTimeout as delay } from 'node:timers/promises';
import { Deadline, newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { AlertRuleRow } from '../storage/AlertRuleRow.js';
import { InstanceRow } from '../storage/InstanceRow.js';
import { instancesOfRules, lockInstancesOfRules } from '../storage/instanceStatements.js';
import { claimRules, finishEvaluations, lockClaimedRules, releaseRules } from '../storage/ruleStatements.js';
import type { Evaluated } from '../storage/ruleStatements.js';
import type { AlertTransitions } from './AlertTransitions.js';
import { knownOf } from './Evaluation.js';
import type { Evaluation } from './Evaluation.js';
import { InstanceWriter } from './InstanceWriter.js';
import type { InstanceChanges } from './InstanceWriter.js';
import { Lanes } from './Lanes.js';
import type { DueBatch } from './Lanes.js';
import { LateRepair } from './LateRepair.js';
import { RuleReader } from './RuleReader.js';
import type { ClaimedWithInstances, RuleReaderOptions } from './RuleReader.js';
import { SharedQuestions } from './SharedQuestions.js';

export interface RuleEvaluatorOptions extends RuleReaderOptions {
  /** Batches of rules that are evaluated side by side. */
  readonly lanes: number;
  /** Rules of a workspace that are evaluated together at most. Default 100. */
  readonly rulesOfBatch?: number;
  /** Moves PostgreSQL's clock, which says what is due: a test's way to wait. */
  readonly aheadMs?: () => number;
}

/** Due rules that are looked for at once. */
const rulesOfLook = 1_000;
const lookAgainMs = 250;
const evaluationMs = 10_000;
/** Rules that a batch has not begun with after this are left to the next one, so that others have their turn. */
const batchMs = 1_000;
/** Instances that one transaction writes, more or less. */
const instancesOfWrite = 2_000;

/**
 * Evaluates the enabled rules of all workspaces. Any number of evaluators share the work: rules are claimed by one conditional UPDATE, and
 * what an evaluation found is written only while nobody has claimed or changed the rule since, so each change is announced once. Rules of
 * a workspace are claimed, measured and written together; what fails together is done one by one. Ticks are those of a grid and come from
 * PostgreSQL's clock; those that were missed are made up for in order.
 */
export class RuleEvaluator {
  private readonly writer: InstanceWriter;
  private readonly reader: RuleReader;
  private readonly lanes: Lanes;

  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    transitions: AlertTransitions,
    private readonly logger: Logger,
    private readonly options: RuleEvaluatorOptions,
  ) {
    this.writer = new InstanceWriter(database, transitions);
    this.reader = new RuleReader(database, new LateRepair(database, transitions, this.writer), options);
    this.lanes = new Lanes(options.lanes, options.rulesOfBatch ?? 100);
  }

  /** Evaluates what is due now, and what becomes due meanwhile: a lane that is free goes on looking while others take long. */
  async evaluateDueRules(): Promise<void> {
    let lookedAt = -Infinity;
    let busy = 0;
    let rest = new AbortController();
    const look = async () => {
      lookedAt = performance.now();
      const due = await this.database.lookup('due_alert_rules_in_turn', [rulesOfLook, this.aheadMs]);
      this.lanes.add(
        due.map((row) => ({ workspaceId: row['workspace_id'] as string, ruleId: row['rule_id'] as string })),
      );
    };
    await look();
    const work = async (): Promise<void> => {
      for (;;) {
        const next = this.lanes.next();
        if (next) {
          busy += 1;
          try {
            await this.evaluate(next);
          } catch (err) {
            const { workspaceId } = next;
            this.logger.warn({ err, workspaceId }, 'rules could not be evaluated and will be tried again');
          } finally {
            busy -= 1;
            this.lanes.done(next);
            rest.abort();
            rest = new AbortController();
          }
        } else if (busy === 0) return;
        else await delay(lookAgainMs, undefined, { signal: rest.signal }).catch(() => undefined);
        if (performance.now() - lookedAt > lookAgainMs) await look();
      }
    };
    await Promise.all(Array.from({ length: this.options.lanes }, work));
  }

  private async evaluate({ workspaceId, ruleIds }: DueBatch): Promise<void> {
    let claimed: ClaimedWithInstances[];
    try {
      claimed = await this.claim(workspaceId, ruleIds);
    } catch (err) {
      if (ruleIds.length === 1) throw err;
      // Together they may have more instances than can be read in time.
      const half = Math.ceil(ruleIds.length / 2);
      for (const part of [ruleIds.slice(0, half), ruleIds.slice(half)])
        await this.evaluate({ workspaceId, ruleIds: part });
      return;
    }
    const questions = new SharedQuestions(this.commands);
    const begun = performance.now();
    const found: Evaluation[] = [];
    const left: ClaimedWithInstances[] = [];
    // What asks alike is asked at once; what is dear does not make all others late.
    for (const alike of Map.groupBy(claimed, ({ rule }) => measuredBy(rule)).values()) {
      if (found.length > 0 && performance.now() - begun > batchMs) {
        left.push(...alike);
        continue;
      }
      const operation = {};
      const read = alike.map((one) => this.reader.read(questions, contextOf(workspaceId, operation), one));
      for (const evaluation of await Promise.all(read)) if (evaluation) found.push(evaluation);
    }
    await this.write(workspaceId, found);
    if (left.length === 0) return;
    const release = releaseRules(left.map(({ rule }) => rule));
    await this.database.withWorkspace({ workspaceId }, (transaction) => transaction.query(release));
  }

  private async claim(workspaceId: string, ruleIds: readonly string[]): Promise<ClaimedWithInstances[]> {
    const claimedMs = performance.now();
    return this.database.withWorkspace({ workspaceId }, async (transaction) => {
      const claimed = await transaction.query(
        claimRules(this.database.table(AlertRuleRow), [...ruleIds].sort(), this.aheadMs),
      );
      if (claimed.length === 0) return [];
      const ids = claimed.map(({ rule }) => rule.id);
      const rows = Map.groupBy(await transaction.query(instancesOfRules(this.instances, ids)), ({ ruleId }) => ruleId);
      const byId = new Map(claimed.map((one) => [one.rule.id, one]));
      return ruleIds.flatMap((id) => {
        const one = byId.get(id);
        return one ? [{ ...one, rows: rows.get(id) ?? [], claimedMs }] : [];
      });
    });
  }

  /** Writes as many together as are not too much for one transaction, and one by one what fails so. */
  private async write(workspaceId: string, evaluations: readonly Evaluation[]): Promise<void> {
    for (const together of inTransactions(evaluations)) {
      try {
        await this.writeTogether(workspaceId, together);
      } catch (err) {
        const each = together.length > 1 ? together : [];
        if (each.length === 0) this.logger.warn({ err, ...namesOf(together[0]!) }, notWritten);
        for (const one of each) {
          await this.writeTogether(workspaceId, [one]).catch((error: unknown) =>
            this.logger.warn({ err: error, ...namesOf(one) }, notWritten),
          );
        }
      }
    }
  }

  /** Writes what was found of rules that are as they were claimed, and nothing of others. */
  private async writeTogether(workspaceId: string, evaluations: readonly Evaluation[]): Promise<void> {
    await this.database.withWorkspace({ workspaceId }, async (transaction) => {
      const moving = evaluations.filter(({ move }) => move !== null);
      let held = evaluations;
      if (moving.length > 0) {
        const ids = new Set(await transaction.query(lockClaimedRules(evaluations.map(({ rule }) => rule))));
        held = evaluations.filter(({ rule }) => ids.has(rule.id));
      }
      const ids = held.flatMap(({ rule, move }) => (move ? [rule.id] : []));
      const stored = ids.length === 0 ? [] : await transaction.query(lockInstancesOfRules(this.instances, ids));
      const rows = Map.groupBy(stored, ({ ruleId }) => ruleId);
      const changes: InstanceChanges[] = [];
      const found: { readonly claimed: AlertRuleRow; readonly found: Evaluated }[] = [];
      for (const { rule, evaluated, move, options, leaves } of held) {
        const moved = await move?.(transaction, knownOf(rows.get(rule.id) ?? [], evaluated));
        if (moved) changes.push(await this.writer.write(transaction, rule, moved.known, moved.outcomes, options));
        found.push({ claimed: rule, found: leaves(moved?.outcomes.at(-1)?.droppedGroups ?? 0) });
      }
      await this.writer.store(transaction, changes);
      await transaction.query(finishEvaluations(found));
    });
  }

  private get instances() {
    return this.database.table(InstanceRow);
  }

  private get aheadMs(): number {
    return this.options.aheadMs?.() ?? 0;
  }
}

const notWritten = 'what was found of a rule could not be written and will be tried again';

function namesOf({ rule }: Evaluation) {
  return { workspaceId: rule.workspaceId, ruleId: rule.id };
}

/** Rules that have this in common look at the same figures, whatever they make of them. */
function measuredBy(rule: AlertRuleRow): string {
  const { metric, windowSeconds, groupBy, scope, timeBasis, everySeconds, delaySeconds, evaluatedUntil } = rule;
  const also = rule.also.map((condition) => [condition.metric, condition.windowSeconds]);
  return JSON.stringify([
    [metric, windowSeconds, also, groupBy, scope, timeBasis],
    [everySeconds, delaySeconds, evaluatedUntil],
  ]);
}

function contextOf(workspaceId: string, operation: object): RequestContext {
  return {
    principal: systemPrincipal(workspaceId, 'alert.rules'),
    requestId: newUuid(),
    deadline: Deadline.in(evaluationMs),
    operation,
  };
}

function inTransactions(evaluations: readonly Evaluation[]): Evaluation[][] {
  const all: Evaluation[][] = [];
  let weight = Infinity;
  for (const one of evaluations) {
    if (weight + one.weight > instancesOfWrite) {
      all.push([]);
      weight = 0;
    }
    all.at(-1)!.push(one);
    weight += one.weight;
  }
  return all;
}
