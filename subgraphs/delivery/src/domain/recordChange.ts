import type { AuditAction } from '@tributary/contracts/audit';
import { encodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { audit } from '@tributary/data/audit';
import type { WorkspaceTransaction } from '@tributary/data';
import type { WebhookRow } from './model.js';

type Facts = Readonly<Record<string, unknown>> | null;

/** Writes what somebody did to a webhook into the audit trail. */
export function recordChange(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  action: AuditAction,
  webhook: WebhookRow,
  before: Facts,
  after: Facts,
): void {
  audit(transaction, {
    actor: context.principal.actor,
    action,
    entityType: 'Webhook',
    entityId: encodeId('hook', webhook.id),
    before,
    after,
    requestId: context.requestId,
  });
}
