import type { BudgetState } from '@tributary/limits';
import type { Caller } from '../callers/identity.js';
import type { Authority } from '../callers/Authority.js';
import type { OperationParams } from './operationParams.js';

/** An operation as some protocol brought it. */
export interface OperationRequest {
  readonly params: OperationParams;
  readonly caller: Caller;
  readonly requestId: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly ingest?: boolean;
  readonly readOnly?: boolean;
  /** Where a subscription to a stream goes on, whatever its document and variables say. */
  readonly resumeFrom?: string | null;
  /** A subscription that goes on over a new supergraph: its client has paid for it. */
  readonly isCarriedOver?: boolean;
  /** Whether what a subscription was begun with still holds. Default: that of the identity in `caller`. */
  readonly authority?: Authority;
  /** Told how the caller's budgets stand, before anything is executed. */
  readonly onBudgetStates?: (budgetStates: readonly BudgetState[]) => void;
}
