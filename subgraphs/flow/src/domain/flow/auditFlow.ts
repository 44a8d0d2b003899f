import { encodeId } from '@tributary/contracts/ids';
import type { AuditAction } from '@tributary/contracts/audit';
import type { Actor } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { audit } from '@tributary/data/audit';
import type { WorkspaceTransaction } from '@tributary/data';
import type { FlowRow } from '../../storage/FlowRow.js';

/** Who did it, and in which request. */
export interface Initiator {
  readonly actor: Actor;
  readonly requestId: string;
}

export function by(context: RequestContext): Initiator {
  return { actor: context.principal.actor, requestId: context.requestId };
}

/** One audit row about a flow: what was done, and the state before and after. */
export function auditFlow(
  transaction: WorkspaceTransaction,
  initiator: Initiator,
  action: AuditAction,
  before: FlowRow | null,
  after: FlowRow,
  facts: Readonly<Record<string, unknown>> = {},
): void {
  audit(transaction, {
    actor: initiator.actor,
    action,
    entityType: 'Flow',
    entityId: encodeId('flow', after.id),
    before: before && { status: before.status, currentPhase: before.currentPhase },
    after: {
      status: after.status,
      currentPhase: after.currentPhase,
      ...(before ? {} : { kind: after.kind, name: after.name }),
      ...(after.failureCode === null ? {} : { failureCode: after.failureCode }),
      ...facts,
    },
    requestId: initiator.requestId,
  });
}
