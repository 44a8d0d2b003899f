import type { FlowPhaseStatus } from '@tributary/contracts/values';

interface PhaseState {
  readonly status: FlowPhaseStatus;
  readonly progress: number;
  readonly weight: number;
}

/** Whether nothing more will happen in the phase. */
export function isDone(phase: { readonly status: FlowPhaseStatus }): boolean {
  return phase.status === 'SUCCEEDED' || phase.status === 'SKIPPED';
}

/** Progress of a flow: that of its phases by weight, where a phase that is done counts whole. 0 to 1. */
export function flowProgress(phases: readonly PhaseState[]): number {
  const total = phases.reduce((sum, phase) => sum + phase.weight, 0);
  if (total === 0) return 1;
  const done = phases.reduce((sum, phase) => sum + phase.weight * (isDone(phase) ? 1 : phase.progress), 0);
  return Math.min(1, Math.max(0, Math.round((done / total) * 10_000) / 10_000));
}
