import { encodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { audit } from '@tributary/data/audit';
import type { WorkspaceTransaction } from '@tributary/data';
import type { ChangedStatus } from '../storage/missingStatements.js';

/** Writes each asset whose status followed from its being missing, or not any more, to the audit trail. */
export function auditStatus(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  action: 'asset.retire' | 'asset.restore',
  changed: readonly ChangedStatus[],
): void {
  for (const { assetId, before, after } of changed) {
    audit(transaction, {
      actor: context.principal.actor,
      action,
      entityType: 'Asset',
      entityId: encodeId('asset', assetId),
      before: { status: before },
      after: { status: after },
      requestId: context.requestId,
    });
  }
}
