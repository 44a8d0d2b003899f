import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { WorkspaceTransaction } from '@tributary/data';
import { insertPhases } from '../../storage/phaseStatements.js';
import type { NewPhase } from '../../storage/phaseStatements.js';
import { FlowRow } from '../../storage/FlowRow.js';
import type { FlowDriver } from '../../storage/FlowRow.js';

/** Inserts a flow that has not begun, with its phases. */
export async function createFlowRow(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  flow: { kind: string; name: string; driver: FlowDriver; reportDueAt: Date | null; phases: readonly NewPhase[] },
): Promise<FlowRow> {
  const { actor } = context.principal;
  const [created] = await transaction.repository(FlowRow).insert('flow.insert', [
    {
      id: newUuid(),
      kind: flow.kind,
      name: flow.name,
      driver: flow.driver,
      status: 'QUEUED',
      run: flow.driver === 'ENGINE' ? 1 : 0,
      reportDueAt: flow.reportDueAt ?? undefined,
      createdByKind: actor.kind,
      createdById: actor.kind === 'system' ? actor.part : actor.id,
    },
  ]);
  await insertPhases(transaction, created!.id, flow.phases);
  return created!;
}
