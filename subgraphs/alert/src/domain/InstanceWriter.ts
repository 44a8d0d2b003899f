import type { AlertRefire, AlertResolvedReason } from '@tributary/contracts/values';
import type { Actor } from '@tributary/contracts/principal';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { AlertRow } from '../storage/AlertRow.js';
import { InstanceRow } from '../storage/InstanceRow.js';
import type { AlertRuleRow } from '../storage/AlertRuleRow.js';
import {
  deleteInstances,
  deleteInstancesOfRule,
  deleteTransitions,
  insertTransitions,
  lockInstance,
  saveChanges,
  saveInstances,
} from '../storage/instanceStatements.js';
import type { StoredTransition } from '../storage/instanceStatements.js';
import { lockOpenAlertsOfRule, noteSilence } from '../storage/transitionStatements.js';
import { endByPerson, isOpen } from './alertMachine.js';
import type { AlertInstance, Effect } from './alertMachine.js';
import type { AlertTransitions, SeenAgain, Trigger } from './AlertTransitions.js';
import { describeAlert } from './describeAlert.js';
import type { Moved, TickOutcome, Tracked, TrackedByFingerprint } from './evaluateTick.js';
import { rowOf, trackedOf } from './instanceRecords.js';

/** What was known of a rule before its ticks. */
export interface KnownInstances {
  readonly tracked: TrackedByFingerprint;
  /** By fingerprint: the open alert, else the last. */
  readonly lastAlerts: ReadonlyMap<string, string>;
}

export interface WriteOptions {
  readonly actor: Actor;
  readonly requestId: string;
  /** Data came after these ticks. */
  readonly late: boolean;
}

/** What is to be stored of a rule's instances. */
export interface InstanceChanges {
  readonly saved: readonly StoredInstance[];
  /** Of those, the ones whose alerts began or ended. */
  readonly changed: readonly StoredInstance[];
  readonly gone: readonly Pick<InstanceRow, 'ruleId' | 'fingerprint'>[];
  readonly transitions: readonly (StoredTransition & { readonly ruleId: string })[];
  readonly silent: Parameters<typeof noteSilence>[0];
}

type StoredInstance = Omit<InstanceRow, 'workspaceId' | 'version'>;

/** Effects in the order in which they are written at one tick: what ends makes room for what begins. */
const order = [
  'SETTLE',
  'RESOLVE',
  'FIRE',
  'REOPEN',
  'RELAPSE',
  'RECOVER',
  'FLAP',
  'REPEAT',
] as const satisfies readonly Effect['kind'][];

/**
 * Writes what became of rules' instances, tick by tick, in the transaction that it is given: the one place where instances are stored.
 * The caller holds the rules.
 */
export class InstanceWriter {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
  ) {}

  /** Writes what becomes of a rule's alerts. Answers what is to be stored of its instances: `store` does it for many rules at once. */
  async write(
    transaction: WorkspaceTransaction,
    rule: AlertRuleRow,
    known: KnownInstances,
    outcomes: readonly TickOutcome[],
    options: WriteOptions,
  ): Promise<InstanceChanges> {
    const lastAlerts = new Map(known.lastAlerts);
    for (const { tick, moved } of outcomes) {
      const trigger: Trigger = { actor: options.actor, requestId: options.requestId, at: new Date(tick) };
      for (const kind of order) {
        const concerned = moved.filter(({ effects }) => effects.some((effect) => effect.kind === kind));
        if (concerned.length > 0)
          await this.apply(transaction, rule, trigger, kind, concerned, lastAlerts, options.late);
      }
    }
    return changesOf(rule.id, known, outcomes, lastAlerts, options.late);
  }

  /** Stores instances of any number of rules, each rule once. */
  async store(transaction: WorkspaceTransaction, rules: readonly InstanceChanges[]): Promise<void> {
    const all = <Kind extends keyof InstanceChanges>(kind: Kind) =>
      rules.flatMap((rule): readonly InstanceChanges[Kind][number][] => rule[kind]);
    const [saved, changed, gone] = [all('saved'), all('changed'), all('gone')];
    if (saved.length > 0) await transaction.query(saveInstances(saved));
    if (changed.length > 0) await transaction.query(saveChanges(changed));
    if (gone.length > 0) await transaction.query(deleteInstances(gone));
    const [transitions, silent] = [all('transitions'), all('silent')];
    if (transitions.length > 0) await transaction.query(insertTransitions(transitions));
    if (silent.length > 0) await transaction.query(noteSilence(silent));
  }

  /** Ends what a rule has open and forgets all that is known of it: it begins anew. */
  async reset(
    transaction: WorkspaceTransaction,
    ruleId: string,
    trigger: Trigger,
    reason: AlertResolvedReason,
  ): Promise<void> {
    const open = await transaction.query(lockOpenAlertsOfRule(this.database.table(AlertRow), ruleId));
    await this.transitions.resolve(
      transaction,
      trigger,
      open.map(({ id }) => id),
      reason,
    );
    await transaction.query(deleteInstancesOfRule(ruleId));
    await transaction.query(deleteTransitions(ruleId));
  }

  /** Holds the instance behind an alert of a rule until the end of the transaction; null where there is none. */
  async hold(
    transaction: WorkspaceTransaction,
    { ruleId, fingerprint }: Pick<AlertRow, 'ruleId' | 'fingerprint'>,
  ): Promise<InstanceRow | null> {
    if (ruleId === null) return null;
    return transaction.queryOne(lockInstance(this.database.table(InstanceRow), ruleId, fingerprint));
  }

  /** A person has called the alert of a held instance over. What late data say of before is not looked at any more. */
  async endByPerson(transaction: WorkspaceTransaction, row: InstanceRow, refire: AlertRefire, at: Date): Promise<void> {
    const { ruleId, fingerprint } = row;
    const before = trackedOf(row, `rule:${ruleId}`);
    const instance = endByPerson(before.instance, refire, at.getTime());
    const now = { ruleId, ...rowOf({ ...before, instance }, row.lastAlertId) };
    const transition = {
      ruleId,
      fingerprint,
      tick: at,
      fromState: before.instance.state,
      toState: instance.state,
      value: instance.value,
      cause: 'DECIDED',
      after: { ...instance },
    } as const;
    const changes = { saved: [now], changed: [now], gone: [], transitions: [transition], silent: [] };
    await this.store(transaction, [changes]);
  }

  private async apply(
    transaction: WorkspaceTransaction,
    rule: AlertRuleRow,
    trigger: Trigger,
    kind: Effect['kind'],
    moved: readonly Moved[],
    lastAlerts: Map<string, string>,
    late: boolean,
  ): Promise<void> {
    const seen = moved.map(({ after }): SeenAgain & { readonly fingerprint: string } => ({
      fingerprint: after.fingerprint,
      id: lastAlerts.get(after.fingerprint) ?? '',
      firing: describeAlert(rule, after, late),
    }));
    const known = seen.filter(({ id }) => id !== '');
    const ids = known.map(({ id }) => id);
    const fire = async (firings: readonly (typeof seen)[number][]) => {
      const fired = await this.transitions.fire(
        transaction,
        trigger,
        firings.map(({ firing }) => firing),
      );
      for (const alert of fired) lastAlerts.set(alert.fingerprint, alert.id);
    };
    switch (kind) {
      case 'FIRE':
        return fire(seen);
      case 'REOPEN': {
        const reopened = new Set((await this.transitions.reopen(transaction, trigger, known)).map(({ id }) => id));
        // The alert may be gone by now, or its workspace restored from before it.
        return fire(seen.filter(({ id }) => !reopened.has(id)));
      }
      case 'REPEAT':
        return void (await this.transitions.repeat(transaction, trigger, known));
      case 'RECOVER':
      case 'RELAPSE':
        return void (await this.transitions.note(transaction, trigger, ids, 'alert.recovering', {
          recovering: kind === 'RECOVER',
        }));
      case 'FLAP':
        return void (await this.transitions.note(transaction, trigger, ids, 'alert.flapping', { flapping: true }));
      case 'SETTLE':
        return void (await this.transitions.note(transaction, trigger, ids, 'alert.settled', { flapping: false }));
      case 'RESOLVE':
        for (const [reason, ended] of Map.groupBy(moved, reasonOf)) {
          const open = ended.flatMap(({ after }) => lastAlerts.get(after.fingerprint) ?? []);
          await this.transitions.resolve(transaction, trigger, open, reason);
        }
    }
  }

  /** Stores instances as they are behind the last outcome, and every change on the way. */
  async save(
    transaction: WorkspaceTransaction,
    ruleId: string,
    known: KnownInstances,
    outcomes: readonly TickOutcome[],
    lastAlerts: ReadonlyMap<string, string>,
    late: boolean,
  ): Promise<void> {
    await this.store(transaction, [changesOf(ruleId, known, outcomes, lastAlerts, late)]);
  }
}

function changesOf(
  ruleId: string,
  known: KnownInstances,
  outcomes: readonly TickOutcome[],
  lastAlerts: ReadonlyMap<string, string>,
  late: boolean,
): InstanceChanges {
  const now = outcomes.at(-1)?.tracked ?? known.tracked;
  const differing = [...now.values()].filter(
    (one) =>
      !isSame(known.tracked.get(one.fingerprint), one) ||
      // Late data may lead to the same state by way of another alert.
      lastAlerts.get(one.fingerprint) !== known.lastAlerts.get(one.fingerprint),
  );
  const gone = [...known.tracked.keys()].filter((fingerprint) => !now.has(fingerprint));
  const saved = differing.map((one) => ({ ruleId, ...rowOf(one, lastAlerts.get(one.fingerprint) ?? null) }));
  const changed = saved.filter(
    ({ fingerprint, changes }) =>
      changes.length !== (known.tracked.get(fingerprint)?.instance.changes.length ?? 0) ||
      changes.at(-1)?.getTime() !== known.tracked.get(fingerprint)?.instance.changes.at(-1),
  );
  const transitions = outcomes.flatMap((outcome) => transitionsOf(outcome, late));
  const silent = saved.flatMap(({ lastAlertId, fingerprint, noDataSince }) => {
    const one = now.get(fingerprint)!;
    const was = known.tracked.get(fingerprint)?.instance.noDataSince ?? null;
    const isNews = was !== one.instance.noDataSince && isOpen(one.instance);
    return isNews && lastAlertId !== null ? [{ id: lastAlertId, noDataSince }] : [];
  });
  return {
    saved,
    changed,
    gone: gone.map((fingerprint) => ({ ruleId, fingerprint })),
    transitions: transitions.map((one) => ({ ruleId, ...one })),
    silent,
  };
}

function reasonOf({ effects }: Moved): AlertResolvedReason {
  const resolve = effects.find((effect) => effect.kind === 'RESOLVE');
  if (!resolve) throw new Error('Only what resolves has a reason.');
  return resolve.reason;
}

/** What is kept of what became of a rule at a tick. */
export function transitionsOf({ tick, moved, tracked }: TickOutcome, late: boolean): StoredTransition[] {
  return moved.flatMap((one) => toTransition(one, tick, late, tracked.has(one.after.fingerprint)));
}

/** What late data are evaluated from is kept whenever it changes, beyond what every tick does: its value. */
function toTransition(
  { before, after, isNew }: Moved,
  tick: number,
  late: boolean,
  isKept: boolean,
): StoredTransition[] {
  const { instance } = after;
  const isNews =
    (isNew && isKept) ||
    before.state !== instance.state ||
    before.since !== instance.since ||
    before.noDataSince !== instance.noDataSince ||
    before.mutedUntilClear !== instance.mutedUntilClear ||
    before.flapping !== instance.flapping ||
    before.repeats !== instance.repeats;
  if (!isNews) return [];
  return [
    {
      fingerprint: after.fingerprint,
      tick: new Date(tick),
      fromState: before.state,
      toState: instance.state,
      value: instance.value,
      cause: late ? 'LATE' : 'TICK',
      after: { ...instance },
    },
  ];
}

function isSame(one: Tracked | undefined, other: Tracked): boolean {
  if (!one) return false;
  const [left, right]: [AlertInstance, AlertInstance] = [one.instance, other.instance];
  return (Object.keys(left) as (keyof AlertInstance)[]).every((field) => {
    // What is well is not written at every tick: nobody acts on its value.
    if ((field === 'value' || field === 'observedAt') && right.state === 'OK' && left.state === 'OK') return true;
    if (field !== 'changes') return left[field] === right[field];
    return left.changes.length === right.changes.length && left.changes.at(-1) === right.changes.at(-1);
  });
}
