import type { WorkspaceTransaction } from '@tributary/data';
import type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { enqueue } from '@tributary/jobs';
import { phaseJob } from '../flow/phaseJob.js';
import { auditFlow } from '../flow/auditFlow.js';
import type { Initiator } from '../flow/auditFlow.js';
import { changeFlow } from '../flow/findFlow.js';
import { recordFlowEvents } from '../flow/flowEvents.js';
import type { FlowEventFacts } from '../flow/flowEvents.js';
import { flowProgress, isDone } from '../flow/flowProgress.js';

export interface EndedPhase {
  readonly phase: string;
  readonly message: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What follows when a phase is done: the next one is enqueued, or the flow has succeeded. `flow` is locked; `phases` are as they stand
 * now, the ended one done. `before` are events that belong in front.
 */
export async function endPhase(
  transaction: WorkspaceTransaction,
  flow: FlowRow,
  phases: readonly FlowPhaseRow[],
  ended: EndedPhase,
  initiator: Initiator,
  before: readonly FlowEventFacts[] = [],
): Promise<FlowRow> {
  const next = phases.find((phase) => !isDone(phase)) ?? null;
  const run = flow.run + 1;
  const changed = await changeFlow(transaction, flow, {
    status: next ? 'RUNNING' : 'SUCCEEDED',
    progress: next ? Math.max(flow.progress, flowProgress(phases)) : 1,
    currentPhase: next?.name ?? null,
    finishedAt: next ? null : new Date(),
    fence: flow.fence + 1,
    run,
  });
  recordFlowEvents(transaction, changed, [
    ...before,
    { type: 'phase.finished', phase: ended.phase, message: ended.message, data: ended.data },
    ...(next ? [] : [{ type: 'flow.finished' as const, phase: null }]),
  ]);
  if (next) await enqueue(transaction, phaseJob, { flowId: flow.id, phase: next.name, run });
  else auditFlow(transaction, initiator, 'flow.finish', flow, changed);
  return changed;
}
