import { randomUUID } from 'node:crypto';
import { deliveryPart } from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import type { AuditAction } from '@tributary/contracts/audit';
import type { DeliveryStatus } from '@tributary/contracts/values';
import { audit } from '@tributary/data/audit';
import type { WorkspaceTransaction } from '@tributary/data';
import { enqueue } from '@tributary/jobs';
import { setActive } from '../../storage/positionStatements.js';
import { WebhookRow } from '../../storage/WebhookRow.js';
import { tellAdminsJob } from '../tellAdminsJob.js';
import { tellOfWebhook } from '../tellOfWebhook.js';

/** Its receiver answered a test: events are sent from now on. */
export async function activate(transaction: WorkspaceTransaction, webhook: WebhookRow): Promise<void> {
  await change(transaction, webhook, 'webhook.activate', 'ACTIVE', null);
  await transaction.query(setActive(webhook.id, true));
  tellOfWebhook(transaction, 'webhook.activated', webhook);
}

/** Whoever it belongs to may receive nothing any more. */
export async function pauseOwnerless(transaction: WorkspaceTransaction, webhook: WebhookRow): Promise<void> {
  await stop(transaction, webhook, 'webhook.pause', 'PAUSED', 'OWNER_GONE');
  tellOfWebhook(transaction, 'webhook.paused', webhook, { reason: 'OWNER_GONE' });
  await enqueue(transaction, tellAdminsJob, { what: 'webhook', id: webhook.id, reason: 'OWNER_GONE' });
}

/** Its receiver is gone, or has failed for too long. */
export async function disable(
  transaction: WorkspaceTransaction,
  webhook: WebhookRow,
  reason: 'GONE' | 'FAILING_TOO_LONG',
): Promise<void> {
  await stop(transaction, webhook, 'webhook.disable', 'DISABLED', reason);
  tellOfWebhook(transaction, 'webhook.disabled', webhook, { reason, failingSince: webhook.failingSince });
  await enqueue(transaction, tellAdminsJob, { what: 'webhook', id: webhook.id, reason });
}

async function stop(
  transaction: WorkspaceTransaction,
  webhook: WebhookRow,
  action: AuditAction,
  status: DeliveryStatus,
  reason: string,
): Promise<void> {
  await change(transaction, webhook, action, status, reason);
  await transaction.query(setActive(webhook.id, false));
}

async function change(
  transaction: WorkspaceTransaction,
  webhook: WebhookRow,
  action: AuditAction,
  status: DeliveryStatus,
  reason: string | null,
): Promise<void> {
  await transaction
    .repository(WebhookRow)
    .update('delivery.changeStatus', webhook.id, { status, statusReason: reason });
  audit(transaction, {
    actor: { kind: 'system', part: deliveryPart },
    action,
    entityType: 'Webhook',
    entityId: encodeId('hook', webhook.id),
    before: { status: webhook.status },
    after: { status, reason },
    requestId: randomUUID(),
  });
}
