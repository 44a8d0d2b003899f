import type { AlertResolvedReason } from '@tributary/contracts/values';
import type { AuditAction } from '@tributary/contracts/audit';
import type { AlertEventType } from '@tributary/contracts/events';
import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { Actor } from '@tributary/contracts/principal';
import { audit } from '@tributary/data/audit';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { appendEvents } from '@tributary/events';
import { AlertRow } from '../storage/AlertRow.js';
import { insertHistory } from '../storage/historyStatements.js';
import {
  correctAlerts,
  escalateAlerts,
  insertAlerts,
  noteAlerts,
  reopenAlerts,
  repeatAlerts,
  resolveAlerts,
} from '../storage/transitionStatements.js';
import type { NewAlert } from '../storage/transitionStatements.js';
import { payloadOfAlert } from './alertEvents.js';
import { factsOfSilence, Silencing } from './Silencing.js';

/** What raises an alert, without the alert's own id. */
export type Firing = Omit<NewAlert, 'id'>;

/** An alert that is known, and what is known of it now. */
export interface SeenAgain {
  readonly id: string;
  readonly firing: Firing;
}

/** On whose behalf, and when, alerts change. */
export interface Trigger {
  readonly actor: Actor;
  readonly requestId: string;
  readonly at: Date;
}

type Facts = Readonly<Record<string, unknown>>;

/**
 * The ways in which alerts change by themselves. Each writes rows, history, events and audit entries in the transaction that it is given;
 * the events' order is the order of the calls.
 */
export class AlertTransitions {
  private readonly silencing: Silencing;

  /** `aheadMs` moves PostgreSQL's clock. */
  constructor(
    private readonly database: Database,
    aheadMs?: () => number,
  ) {
    this.silencing = new Silencing(database, aheadMs);
  }

  /** Raises alerts. One whose fingerprint is open already is left as it is. */
  async fire(transaction: WorkspaceTransaction, trigger: Trigger, firings: readonly Firing[]): Promise<AlertRow[]> {
    if (firings.length === 0) return [];
    const alerts = firings.map((firing) => ({ id: newUuid(), ...firing }));
    const fired = await transaction.query(insertAlerts(this.table, trigger.at, alerts));
    await this.announce(transaction, trigger, 'alert.fired', fired);
    for (const alert of fired) {
      this.record(transaction, trigger, 'alert.fire', alert, null, {
        status: alert.status,
        severity: alert.severity,
        fingerprint: alert.fingerprint,
      });
    }
    return this.afterQuietening(transaction, trigger, fired);
  }

  /** Opens alerts again that ended by themselves a short time ago. One that is open is left as it is. */
  async reopen(transaction: WorkspaceTransaction, trigger: Trigger, seen: readonly SeenAgain[]): Promise<AlertRow[]> {
    if (seen.length === 0) return [];
    const again = seen.map(({ id, firing: { description, value, title, labels } }) => ({
      id,
      description,
      value,
      title,
      labels,
    }));
    const reopened = await transaction.query(reopenAlerts(this.table, trigger.at, again));
    await this.announce(transaction, trigger, 'alert.reopened', reopened);
    for (const alert of reopened) {
      this.record(transaction, trigger, 'alert.reopen', alert, { status: 'RESOLVED' }, { status: alert.status });
    }
    return this.afterQuietening(transaction, trigger, reopened);
  }

  /** Counts another occurrence of open alerts, with what is known now. */
  async repeat(transaction: WorkspaceTransaction, trigger: Trigger, seen: readonly SeenAgain[]): Promise<AlertRow[]> {
    if (seen.length === 0) return [];
    const again = seen.map(({ id, firing: { description, value } }) => ({ id, description, value }));
    const repeated = await transaction.query(repeatAlerts(this.table, trigger.at, again));
    await this.announce(transaction, trigger, 'alert.repeated', repeated);
    return repeated;
  }

  /** Says how open alerts are doing: whether their condition is over for now, whether they flap. */
  async note(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    ids: readonly string[],
    type: 'alert.recovering' | 'alert.flapping' | 'alert.settled',
    facts: { readonly recovering?: boolean; readonly flapping?: boolean },
  ): Promise<AlertRow[]> {
    if (ids.length === 0) return [];
    const noted = await transaction.query(noteAlerts(this.table, ids, facts));
    await this.announce(transaction, trigger, type, noted, facts);
    return noted;
  }

  /** Resolves open alerts. */
  async resolve(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    ids: readonly string[],
    reason: AlertResolvedReason,
  ): Promise<AlertRow[]> {
    if (ids.length === 0) return [];
    const resolved = await transaction.query(resolveAlerts(this.table, trigger.at, ids, reason));
    await this.announce(transaction, trigger, 'alert.resolved', resolved, { reason });
    for (const alert of resolved) {
      const before = { status: alert.acknowledgedAt === null ? 'FIRING' : 'ACKNOWLEDGED' };
      this.record(transaction, trigger, 'alert.resolve', alert, before, { status: alert.status, reason });
    }
    return resolved;
  }

  /** Makes open alerts as grave as their rule has become. */
  async escalate(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    open: readonly AlertRow[],
    severity: AlertRow['severity'],
  ): Promise<void> {
    if (open.length === 0) return;
    const ids = open.map((alert) => alert.id);
    const escalated = await transaction.query(escalateAlerts(this.table, ids, severity));
    await this.announce(transaction, trigger, 'alert.escalated', escalated, { reason: 'RULE_CHANGED' });
    const before = new Map(open.map((alert) => [alert.id, alert.severity]));
    for (const alert of escalated) {
      this.record(transaction, trigger, 'alert.escalate', alert, { severity: before.get(alert.id) }, { severity });
    }
  }

  /** Says of alerts that they never were, as late data show. */
  async retract(transaction: WorkspaceTransaction, trigger: Trigger, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const corrected = await transaction.query(correctAlerts(this.table, ids, { retracted: true }));
    await this.announce(transaction, trigger, 'alert.corrected', corrected, { retracted: true });
    for (const alert of corrected) {
      this.record(transaction, trigger, 'alert.correct', alert, { retracted: false }, { retracted: true });
    }
  }

  /** Says of these open alerts, or of all of the workspace, which silence holds their notifications, where that is news. */
  async quieten(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    alerts: readonly AlertRow[] | null,
  ): Promise<readonly AlertRow[]> {
    if (alerts?.length === 0) return [];
    const { suppressed, unsuppressed, silences } = await this.silencing.apply(transaction, alerts);
    for (const [silenceId, quiet] of Map.groupBy(suppressed, ({ suppressedBy }) => suppressedBy!))
      await this.announce(transaction, trigger, 'alert.suppressed', quiet, factsOfSilence(silences.get(silenceId)!));
    await this.announce(transaction, trigger, 'alert.unsuppressed', unsuppressed);
    return [...suppressed, ...unsuppressed];
  }

  private async afterQuietening(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    alerts: readonly AlertRow[],
  ): Promise<AlertRow[]> {
    const quiet = new Map((await this.quieten(transaction, trigger, alerts)).map((alert) => [alert.id, alert]));
    return alerts.map((alert) => quiet.get(alert.id) ?? alert);
  }

  /** Tells watchers of a change that was written, and keeps it in the alerts' history. */
  async announce(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    type: AlertEventType,
    alerts: readonly AlertRow[],
    facts: Facts = {},
    comment: string | null = null,
  ): Promise<void> {
    if (alerts.length === 0) return;
    const payloads = alerts.map((alert) => payloadOfAlert(alert, facts));
    appendEvents(
      transaction,
      'alerts',
      payloads.map((payload) => ({ type, payload })),
    );
    const kind = type.slice('alert.'.length);
    const entries = alerts.map((alert, index) => ({
      alertId: alert.id,
      number: alert.version,
      facts: payloads[index]!.data,
    }));
    await transaction.query(insertHistory({ ...trigger, kind, comment }, entries));
  }

  /** Writes a change of an alert into the audit trail. */
  record(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    action: AuditAction,
    alert: AlertRow,
    before: Facts | null,
    after: Facts,
  ): void {
    audit(transaction, {
      actor: trigger.actor,
      action,
      entityType: 'Alert',
      entityId: encodeId('alert', alert.id),
      before,
      after,
      requestId: trigger.requestId,
    });
  }

  private get table() {
    return this.database.table(AlertRow);
  }
}
