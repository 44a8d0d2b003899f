import type { FlowPhaseStatus } from '@tributary/contracts/values';
import { isDeepStrictEqual } from 'node:util';
import type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';

export interface PhaseReport {
  readonly status: FlowPhaseStatus;
  readonly progress: number;
  readonly message?: string | null;
  readonly data?: Readonly<Record<string, unknown>> | null;
}

/** How far along each status is. A phase only ever moves to a higher one. */
const rank: Record<FlowPhaseStatus, number> = {
  PENDING: 0,
  RUNNING: 1,
  AWAITING_APPROVAL: 1,
  SUCCEEDED: 2,
  SKIPPED: 2,
  FAILED: 2,
};

/**
 * Whether a report says something newer than what is known of the phase. Reports may come late, twice and out of order, so news is:
 * a later status; more progress in the same status; or, at the same progress, waiting for an approval, or another message or data.
 */
export function judgeReport(phase: FlowPhaseRow, report: PhaseReport): 'NEW' | 'OLD' {
  const known = rank[phase.status];
  const told = rank[report.status];
  if (told !== known) return told > known ? 'NEW' : 'OLD';
  // An end is an end.
  if (known === 2) return 'OLD';
  if (report.progress !== phase.progress) return report.progress > phase.progress ? 'NEW' : 'OLD';
  if (report.status !== phase.status) return report.status === 'AWAITING_APPROVAL' ? 'NEW' : 'OLD';
  const said = { message: report.message ?? null, data: report.data ?? null };
  if (said.message === null && said.data === null) return 'OLD';
  return isDeepStrictEqual({ ...phase.checkpoint }, said) ? 'OLD' : 'NEW';
}
