import type { Database } from '@tributary/data';
import { readPhases, updatePhase } from '../../storage/phaseStatements.js';
import { FlowRow } from '../../storage/FlowRow.js';
import { auditFlow } from '../flow/auditFlow.js';
import { changeFlow } from '../flow/findFlow.js';
import { recordFlowEvents } from '../flow/flowEvents.js';

const atOnce = 100;

/** Fails flows whose outside runner has been silent for too long. Several processes may do it at once. Answers how many. */
export async function failLostFlows(database: Database): Promise<number> {
  const due = await database.lookup('lost_flows', [atOnce]);
  let failed = 0;
  for (const row of due) {
    const workspaceId = row['workspace_id'] as string;
    const flowId = row['flow_id'] as string;
    failed += await database.withWorkspace({ workspaceId }, async (transaction) => {
      const flow = await transaction.repository(FlowRow).findById('flow.lockLost', flowId, { lock: true });
      // A report may have come in, or another process may have been quicker.
      if (!flow || flow.reportDueAt === null || flow.reportDueAt.getTime() > Date.now()) return 0;
      const now = new Date();
      for (const phase of await readPhases(transaction, flow.id)) {
        if (phase.status === 'RUNNING' || phase.status === 'AWAITING_APPROVAL')
          await updatePhase(transaction, flow.id, phase.name, { status: 'FAILED', finishedAt: now });
      }
      const lost = await changeFlow(transaction, flow, {
        status: 'FAILED',
        failureCode: 'RUNNER_LOST',
        failureMessage: 'The runner has not reported for too long. Look after it, then retry the flow.',
        failurePhase: flow.currentPhase,
        failureRetryable: true,
        finishedAt: now,
        reportDueAt: null,
      });
      recordFlowEvents(transaction, lost, [{ type: 'flow.failed', message: lost.failureMessage }]);
      auditFlow(
        transaction,
        { actor: { kind: 'system', part: 'flow-engine' }, requestId: `flow-${flow.id}` },
        'flow.fail',
        flow,
        lost,
      );
      return 1;
    });
  }
  return failed;
}
