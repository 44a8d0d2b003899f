import type { WorkspaceTransaction } from '@tributary/data';
import type { AlertRuleRow } from '../storage/AlertRuleRow.js';
import type { InstanceRow } from '../storage/InstanceRow.js';
import type { Evaluated } from '../storage/ruleStatements.js';
import { toEvaluatedRule } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { isWorthKeeping, stepOwn } from './evaluateTick.js';
import type { TickOutcome, Tracked, TrackedByFingerprint } from './evaluateTick.js';
import { trackedOf } from './instanceRecords.js';
import type { KnownInstances, WriteOptions } from './InstanceWriter.js';

/** What an evaluation of a rule found: written only while the rule is as it was claimed. */
export interface Evaluation {
  readonly rule: AlertRuleRow;
  readonly evaluated: EvaluatedRule;
  /** How many instances it may write. */
  readonly weight: number;
  /** From the instances as they are stored now; may be done again when a transaction has failed. Null: none of them is concerned. */
  readonly move: ((transaction: WorkspaceTransaction, stored: KnownInstances) => Promise<MovedInstances>) | null;
  readonly options: WriteOptions;
  readonly leaves: (droppedGroups: number) => Evaluated;
}

export interface MovedInstances {
  /** What was known before the outcomes. */
  readonly known: KnownInstances;
  readonly outcomes: readonly TickOutcome[];
}

export function evaluatedRuleOf(rule: AlertRuleRow): EvaluatedRule {
  return toEvaluatedRule(rule, rule.id, rule.createdAt.getTime() + rule.windowSeconds * 1_000);
}

export function knownOf(
  rows: readonly InstanceRow[],
  { fingerprint }: EvaluatedRule,
): KnownInstances & { readonly tracked: Map<string, Tracked> } {
  return {
    tracked: new Map(rows.map((row) => [row.fingerprint, trackedOf(row, fingerprint)])),
    lastAlerts: new Map(rows.flatMap((row) => (row.lastAlertId === null ? [] : [[row.fingerprint, row.lastAlertId]]))),
  };
}

/** The alert that a rule has while it has been blind for long. `seconds`: for how long; 0 when it sees. */
export function stepHealth(rule: EvaluatedRule, known: TrackedByFingerprint, seconds: number, tick: number) {
  return stepOwn(rule, known, `${rule.fingerprint}#health`, 'HEALTH', null, seconds, tick);
}

/** An outcome behind another one. */
export function withMoved(rule: EvaluatedRule, outcome: TickOutcome, moved: TickOutcome['moved']): TickOutcome {
  const tracked = new Map(outcome.tracked);
  for (const { after } of moved) {
    if (isWorthKeeping(rule, after, outcome.tick)) tracked.set(after.fingerprint, after);
    else tracked.delete(after.fingerprint);
  }
  return { ...outcome, moved, tracked };
}
