import type { ExecutionResult } from 'graphql';
import type { OperationContext } from './OperationContext.js';
import { formatError } from './formatError.js';
import type { FormattedResult } from './operationOutcome.js';

/** A result as clients get it, with what it had to do without since the last one of the same operation. */
export function formatResult(result: ExecutionResult, context: OperationContext): FormattedResult {
  const degraded = [...context.degraded.values()];
  context.degraded.clear();
  return {
    ...(result.errors && result.errors.length > 0
      ? { errors: result.errors.map((error) => formatError(error, context)) }
      : {}),
    ...(result.data === undefined ? (result.errors ? { data: null } : {}) : { data: result.data }),
    ...(degraded.length > 0 ? { extensions: { degraded } } : {}),
  };
}
