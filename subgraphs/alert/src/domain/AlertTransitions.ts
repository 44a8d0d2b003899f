import type { AuditAction } from '@tributary/contracts/audit';
import type { AlertEventType } from '@tributary/contracts/events';
import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { Actor } from '@tributary/contracts/principal';
import { audit } from '@tributary/data/audit';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { appendEvents } from '@tributary/events';
import { AlertRow } from '../storage/AlertRow.js';
import { insertAlerts, repeatAlerts, resolveAlerts } from '../storage/transitionStatements.js';
import type { NewAlert } from '../storage/transitionStatements.js';
import { payloadOfAlert } from './alertEvents.js';

/** What raises an alert, without the alert's own id. */
export type Firing = Omit<NewAlert, 'id'>;

export type ResolveReason =
  'BACK_TO_NORMAL' | 'FLOW_SUCCEEDED' | 'FLOW_CANCELLED' | 'RULE_DISABLED' | 'RULE_DELETED' | 'RESOLVED_BY_PERSON';

/** On whose behalf, and when, alerts change. */
export interface Trigger {
  readonly actor: Actor;
  readonly requestId: string;
  readonly at: Date;
}

/**
 * The ways in which alerts change by themselves. Each writes rows, events and audit entries in the transaction that it is given; the
 * events' order is the order of the calls.
 */
export class AlertTransitions {
  constructor(private readonly database: Database) {}

  /** Raises alerts. One whose fingerprint is open already is left as it is. */
  async fire(transaction: WorkspaceTransaction, trigger: Trigger, firings: readonly Firing[]): Promise<AlertRow[]> {
    if (firings.length === 0) return [];
    const alerts = firings.map((firing) => ({ id: newUuid(), ...firing }));
    const fired = await transaction.query(insertAlerts(this.table, trigger.at, alerts));
    this.announce(transaction, 'alert.fired', fired);
    for (const alert of fired) {
      this.record(transaction, trigger, 'alert.fire', alert, null, {
        status: alert.status,
        severity: alert.severity,
        fingerprint: alert.fingerprint,
      });
    }
    return fired;
  }

  /** Counts another occurrence of open alerts, with what is known now. */
  async repeat(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    seen: readonly { readonly open: AlertRow; readonly firing: Firing }[],
  ): Promise<AlertRow[]> {
    if (seen.length === 0) return [];
    const again = seen.map(({ open, firing }) => ({
      id: open.id,
      description: firing.description,
      value: firing.value,
    }));
    const repeated = await transaction.query(repeatAlerts(this.table, trigger.at, again));
    this.announce(transaction, 'alert.repeated', repeated);
    return repeated;
  }

  /** Resolves open alerts. */
  async resolve(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    open: readonly AlertRow[],
    reason: ResolveReason,
  ): Promise<AlertRow[]> {
    if (open.length === 0) return [];
    const ids = open.map((alert) => alert.id);
    const resolved = await transaction.query(resolveAlerts(this.table, trigger.at, ids));
    this.announce(transaction, 'alert.resolved', resolved, { reason });
    const before = new Map(open.map((alert) => [alert.id, alert.status]));
    for (const alert of resolved) {
      this.record(
        transaction,
        trigger,
        'alert.resolve',
        alert,
        { status: before.get(alert.id) },
        { status: alert.status, reason },
      );
    }
    return resolved;
  }

  /** Tells watchers of a change that the caller wrote. */
  announce(
    transaction: WorkspaceTransaction,
    type: AlertEventType,
    alerts: readonly AlertRow[],
    facts: Readonly<Record<string, unknown>> = {},
  ): void {
    const events = alerts.map((alert) => ({ type, payload: payloadOfAlert(alert, facts) }));
    appendEvents(transaction, 'alerts', events);
  }

  /** Writes a change of an alert into the audit trail. */
  record(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    action: AuditAction,
    alert: AlertRow,
    before: Readonly<Record<string, unknown>> | null,
    after: Readonly<Record<string, unknown>>,
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
