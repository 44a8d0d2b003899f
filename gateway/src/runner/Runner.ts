import type { OperationRequest } from '../operations/OperationRequest.js';
import type { OperationOutcome } from '../result/operationOutcome.js';

/** What runs operations over one supergraph. */
export interface Runner {
  /** Never throws. */
  run(request: OperationRequest): Promise<OperationOutcome>;
  /** Resolves when no query or mutation is being executed. */
  whenIdle(): Promise<void>;
  /** Ends every subscription with a code that tells its client to come back with its cursor. */
  endStreams(): Promise<void>;
}

/** Which runner comes after which. */
export interface Succession {
  /** The newest one, if this is another. */
  successorOf(runner: Runner): Runner | null;
}
