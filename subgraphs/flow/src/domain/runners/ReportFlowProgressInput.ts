import type { FlowPhaseStatus } from '@tributary/contracts/values';
import type { MutationInput } from '@tributary/data';

/** What a runner says of one phase. */
export interface ReportFlowProgressInput extends MutationInput {
  readonly flowId: string;
  readonly phase: string;
  readonly status: FlowPhaseStatus;
  readonly progress: number;
  readonly message?: string | null;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly failure?: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
}
