import type { WorkspaceTransaction } from '@tributary/data';
import { readPhases } from '../../storage/phaseStatements.js';
import type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';
import { FlowRow } from '../../storage/FlowRow.js';

/** What a job of the queue holds: ids only. */
export interface PhaseJob {
  readonly workspaceId: string;
  readonly flowId: string;
  readonly phase: string;
  readonly run: number;
}

/** The right to write for a phase. It is gone as soon as somebody else claims the flow, pauses or ends it. */
export interface PhaseClaim {
  readonly workspaceId: string;
  readonly flowId: string;
  readonly phase: string;
  readonly fence: number;
}

/** The flow went on without this worker: it was paused, ended, or another worker has taken it over. No fault; just stop. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';

  constructor() {
    super('This flow is no longer this worker’s.');
  }
}

/** Locks the flow behind a claim. Throws ClaimLost when the claim is no longer good. */
export async function lockClaimed(transaction: WorkspaceTransaction, claim: PhaseClaim): Promise<FlowRow> {
  const flow = await transaction.repository(FlowRow).findById('flow.lockClaimed', claim.flowId, { lock: true });
  if (!flow || flow.fence !== claim.fence || flow.status !== 'RUNNING') throw new ClaimLost();
  return flow;
}

/** The flow's phases and the claimed one among them. */
export async function claimedPhases(
  transaction: WorkspaceTransaction,
  claim: PhaseClaim,
): Promise<{ phases: FlowPhaseRow[]; phase: FlowPhaseRow }> {
  const phases = await readPhases(transaction, claim.flowId);
  const phase = phases.find((known) => known.name === claim.phase);
  if (!phase) throw new Error(`Flow ${claim.flowId} has no phase ${claim.phase}.`);
  return { phases, phase };
}
