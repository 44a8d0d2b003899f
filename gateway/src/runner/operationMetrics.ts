import { errorRegister } from '@tributary/contracts/errors';
import { durationHistogram } from '@tributary/observability';
import type { FormattedError } from '../result/formatError.js';
import type { OperationOutcome } from '../result/operationOutcome.js';

/** Operations by kind (query, mutation, subscription, or none when the document was refused) and how they went. */
export const operationSeconds = durationHistogram(
  'tributary_gateway_operation_seconds',
  'Time to answer an operation, or to open a subscription.',
  ['operation', 'outcome'],
);

/** `refused`: the caller’s doing. `failed`: ours, whole or in part; what a rollout is judged by. */
export function measuredOutcome(outcome: OperationOutcome): 'refused' | 'failed' | 'result' | 'stream' {
  if (outcome.kind === 'stream') return 'stream';
  const errors = outcome.kind === 'refused' ? outcome.errors : (outcome.result.errors ?? []);
  return hasFailed(errors) ? 'failed' : outcome.kind;
}

/** Whether one of these errors is our doing. */
export function hasFailed(errors: readonly FormattedError[]): boolean {
  return errors.some(({ extensions }) => errorRegister[extensions.code].httpStatus >= 500);
}
