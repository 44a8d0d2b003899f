import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { WorkspaceTransaction } from '@tributary/data';
import { FlowRow } from '../../storage/FlowRow.js';

/** The flow behind a public id, locked against other writers. Throws RESOURCE_NOT_FOUND, also for another workspace's flow. */
export async function lockFlow(transaction: WorkspaceTransaction, id: string): Promise<FlowRow> {
  const uuid = uuidOf('flow', id);
  const flow = uuid && (await transaction.repository(FlowRow).findById('flow.lock', uuid, { lock: true }));
  if (!flow)
    throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such flow in this workspace.', { field: 'flowId' });
  return flow;
}

/** Changes a flow that is locked, and answers it as it is now. */
export async function changeFlow(
  transaction: WorkspaceTransaction,
  flow: FlowRow,
  patch: Parameters<ReturnType<typeof transaction.repository<FlowRow>>['update']>[2],
): Promise<FlowRow> {
  const changed = await transaction.repository(FlowRow).update('flow.change', flow.id, patch);
  if (!changed) throw new Error(`Flow ${flow.id} vanished while it was locked.`);
  return changed;
}
