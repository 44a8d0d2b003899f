import type { Database, WorkspaceTransaction } from '@tributary/data';
import { AlertRow } from '../storage/AlertRow.js';
import type { AlertRuleRow } from '../storage/AlertRuleRow.js';
import { deleteTransitionsFrom } from '../storage/instanceStatements.js';
import type { StoredTransition } from '../storage/instanceStatements.js';
import { alertsOfRuleSince } from '../storage/transitionStatements.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { describeAlert } from './describeAlert.js';
import type { TickOutcome, TrackedByFingerprint } from './evaluateTick.js';
import type { InstanceWriter, KnownInstances, WriteOptions } from './InstanceWriter.js';
import { transitionsOf } from './InstanceWriter.js';
import { readStoredInstance } from './instanceRecords.js';
import { episodesOf } from './replayLate.js';
import type { Episode } from './replayLate.js';

/** What was evaluated anew, and what it had come to before. */
export interface Replay {
  readonly firstTick: number;
  readonly before: TrackedByFingerprint;
  readonly outcomes: readonly TickOutcome[];
  /** From the first tick on, and the last one before it. */
  readonly recorded: readonly StoredTransition[];
}

/** Writes the difference between what was decided and what late data show: in the transaction of an evaluation that holds the rule. */
export class LateRepair {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    private readonly instances: InstanceWriter,
  ) {}

  /** Answers what is known behind it. */
  async write(
    transaction: WorkspaceTransaction,
    rule: AlertRuleRow,
    known: KnownInstances,
    replay: Replay,
    options: WriteOptions,
  ): Promise<KnownInstances> {
    const changed = differing(replay);
    if (changed.size === 0) return known;
    const { firstTick, before, outcomes } = replay;
    const table = this.database.table(AlertRow);
    const alerts = await transaction.query(alertsOfRuleSince(table, rule.id, new Date(firstTick)));
    const lastAlerts = new Map(known.lastAlerts);
    const all = episodesOf(before, outcomes);
    for (const [fingerprint, episodes] of Map.groupBy(all, (one) => one.fingerprint)) {
      if (!changed.has(fingerprint)) continue;
      // What is left of the alerts that were recorded; each belongs to one episode.
      let recorded = alerts.filter((alert) => alert.fingerprint === fingerprint && !alert.retracted);
      for (const episode of episodes.toSorted((one, other) => one.from - other.from)) {
        const fitting = recorded.filter((alert) => overlaps(episode, alert));
        const match = fitting.find(isOpenAlert) ?? fitting[0] ?? null;
        if (!match) recorded = await this.endOpen(transaction, recorded, { ...options, at: new Date(episode.from) });
        const alertId = await this.writeEpisode(transaction, rule, episode, match, options);
        if (alertId !== null) lastAlerts.set(fingerprint, alertId);
        recorded = recorded.filter((alert) => alert !== match);
      }
      // None of the episodes is theirs.
      await this.endOpen(transaction, recorded, { ...options, at: new Date(outcomes.at(-1)?.tick ?? firstTick) });
    }
    const never = alerts.filter(
      (alert) =>
        changed.has(alert.fingerprint) &&
        !alert.retracted &&
        // An older one that is open without an episode was put off by what came late before: it has begun later than it was first seen.
        (alert.firstSeenAt.getTime() >= firstTick || isOpenAlert(alert)) &&
        !all.some((episode) => episode.fingerprint === alert.fingerprint && overlaps(episode, alert)),
    );
    await this.retract(transaction, never, { ...options, at: new Date(outcomes.at(-1)?.tick ?? firstTick) });
    await transaction.query(deleteTransitionsFrom(rule.id, [...changed], new Date(firstTick)));
    const tracked = new Map(known.tracked);
    const last = outcomes.at(-1)?.tracked ?? before;
    for (const fingerprint of changed) {
      const one = last.get(fingerprint);
      if (one) tracked.set(fingerprint, one);
      else tracked.delete(fingerprint);
    }
    const ofChanged = outcomes.map((outcome) => ({
      ...outcome,
      moved: outcome.moved.filter(({ after }) => changed.has(after.fingerprint)),
      tracked,
    }));
    await this.instances.save(transaction, rule.id, known, ofChanged, lastAlerts, true);
    return { tracked, lastAlerts };
  }

  /** `match`: the alert that was recorded of it. Answers the alert that is the episode's now. */
  private async writeEpisode(
    transaction: WorkspaceTransaction,
    rule: AlertRuleRow,
    { first, from, to, reason }: Episode,
    match: AlertRow | null,
    options: WriteOptions,
  ): Promise<string | null> {
    const at = (tick: number): Trigger => ({ ...options, at: new Date(tick) });
    const firing = describeAlert(rule, first, true);
    if (!match) {
      const [fired] = await this.transitions.fire(transaction, at(from), [firing]);
      if (fired && to !== null) await this.transitions.resolve(transaction, at(to), [fired.id], reason);
      return fired?.id ?? null;
    }
    if (to === null && match.status === 'RESOLVED') {
      const tick = Math.max(from, match.resolvedAt?.getTime() ?? from);
      await this.transitions.reopen(transaction, at(tick), [{ id: match.id, firing }]);
    }
    if (to !== null && match.status !== 'RESOLVED') {
      await this.transitions.resolve(transaction, at(to), [match.id], reason);
    }
    return match.id;
  }

  /** Answers those that were not open. */
  private async endOpen(
    transaction: WorkspaceTransaction,
    recorded: readonly AlertRow[],
    trigger: Trigger,
  ): Promise<AlertRow[]> {
    const [open, ended] = [recorded.filter(isOpenAlert), recorded.filter((alert) => !isOpenAlert(alert))];
    const ids = open.map(({ id }) => id);
    await this.transitions.resolve(transaction, trigger, ids, 'BACK_TO_NORMAL');
    return ended;
  }

  /** What began since and never was by what is known now. */
  private async retract(
    transaction: WorkspaceTransaction,
    never: readonly AlertRow[],
    trigger: Trigger,
  ): Promise<void> {
    if (never.length === 0) return;
    await this.endOpen(transaction, never, trigger);
    await this.transitions.retract(
      transaction,
      trigger,
      never.map(({ id }) => id),
    );
  }
}

/** Fingerprints whose states took another course than was recorded, or whose data ended at another tick: from there on they are held. */
function differing({ firstTick, before, outcomes, recorded }: Replay): Set<string> {
  const told = (fingerprint: string, list: readonly StoredTransition[] = []) => {
    let noDataSince = before.get(fingerprint)?.instance.noDataSince ?? null;
    return list
      .flatMap(({ tick, fromState, toState, after }) => {
        const silentSince = readStoredInstance(after)?.noDataSince ?? null;
        const isTold = fromState !== toState || silentSince !== noDataSince;
        noDataSince = silentSince;
        return isTold ? [`${tick.getTime()} ${fromState} ${toState} ${String(noDataSince)}`] : [];
      })
      .join();
  };
  const since = recorded.filter(({ tick }) => tick.getTime() >= firstTick);
  const anew = outcomes.flatMap((outcome) => transitionsOf(outcome, true));
  const was = Map.groupBy(since, ({ fingerprint }) => fingerprint);
  const now = Map.groupBy(anew, ({ fingerprint }) => fingerprint);
  return new Set(
    [...was.keys(), ...now.keys()].filter(
      (fingerprint) =>
        !fingerprint.endsWith('#health') &&
        told(fingerprint, was.get(fingerprint)) !== told(fingerprint, now.get(fingerprint)),
    ),
  );
}

function isOpenAlert({ status }: AlertRow): boolean {
  return status !== 'RESOLVED';
}

function overlaps({ from, to }: Episode, { firstSeenAt, resolvedAt }: AlertRow): boolean {
  return firstSeenAt.getTime() < (to ?? Infinity) && from < (resolvedAt?.getTime() ?? Infinity);
}
