import type { FlowStatus } from '@tributary/contracts/values';
import type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { flowProgress, isDone } from '../flow/flowProgress.js';
import type { ReportFlowProgressInput } from './ReportFlowProgressInput.js';

export interface FlowState {
  readonly status: FlowStatus;
  readonly progress: number;
  readonly currentPhase: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly failurePhase: string | null;
  readonly failureRetryable: boolean | null;
}

/** What a report about one phase makes of a runner's flow. `phases` are as they stand after the report. */
export function stateAfterReport(
  flow: FlowRow,
  phases: readonly FlowPhaseRow[],
  reported: string,
  report: Pick<ReportFlowProgressInput, 'status' | 'message' | 'failure'>,
  now: Date,
): FlowState {
  const failed = report.status === 'FAILED';
  const finished = phases.every(isDone);
  const atWork = phases.find((phase) => phase.status === 'RUNNING' || phase.status === 'AWAITING_APPROVAL');
  return {
    status: failed ? 'FAILED' : finished ? 'SUCCEEDED' : statusOf(flow, phases),
    progress: Math.max(flow.progress, flowProgress(phases)),
    currentPhase: finished ? null : isOver(report.status) && !failed ? (atWork?.name ?? reported) : reported,
    startedAt: flow.startedAt ?? (report.status === 'PENDING' ? null : now),
    finishedAt: failed || finished ? now : null,
    failureCode: failed ? (report.failure?.code ?? 'PHASE_FAILED') : null,
    failureMessage: failed
      ? (report.failure?.message ?? report.message ?? `The runner reported that phase ${reported} failed.`)
      : null,
    failurePhase: failed ? reported : null,
    failureRetryable: failed ? (report.failure?.retryable ?? false) : null,
  };
}

/** A paused flow stays paused: that is how the runner learns that it should stop. */
function statusOf(flow: FlowRow, phases: readonly FlowPhaseRow[]): FlowStatus {
  if (flow.status === 'PAUSED') return 'PAUSED';
  if (phases.some((phase) => phase.status === 'RUNNING')) return 'RUNNING';
  if (phases.some((phase) => phase.status === 'AWAITING_APPROVAL')) return 'AWAITING_APPROVAL';
  return phases.every((phase) => phase.status === 'PENDING') ? 'QUEUED' : 'RUNNING';
}

function isOver(status: ReportFlowProgressInput['status']): boolean {
  return status === 'SUCCEEDED' || status === 'SKIPPED' || status === 'FAILED';
}
