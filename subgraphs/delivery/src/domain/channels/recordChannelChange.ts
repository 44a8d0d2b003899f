import type { AuditAction } from '@tributary/contracts/audit';
import { encodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { audit } from '@tributary/data/audit';
import type { WorkspaceTransaction } from '@tributary/data';
import type { ChannelRow } from '../../storage/ChannelRow.js';

type Facts = Readonly<Record<string, unknown>> | null;

/** Writes what somebody did to a channel into the audit trail. */
export function recordChannelChange(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  action: AuditAction,
  channel: ChannelRow,
  before: Facts,
  after: Facts,
): void {
  audit(transaction, {
    actor: context.principal.actor,
    action,
    entityType: 'NotificationChannel',
    entityId: encodeId('channel', channel.id),
    before,
    after,
    requestId: context.requestId,
  });
}
