import type { ExecutionResult, GraphQLError } from 'graphql';
import type { OperationContext } from './OperationContext.js';
import { formatError, formatRequestError, type FormattedError } from './formatError.js';
import type { FormattedResult } from './operationOutcome.js';

/** A result as clients get it, with what it had to do without since the last one of the same operation. */
export function formatResult(result: ExecutionResult, context: OperationContext): FormattedResult {
  const degraded = [...context.degraded.values()];
  context.degraded.clear();
  return {
    ...(result.errors && result.errors.length > 0
      ? { errors: result.errors.map((error) => formatted(error, result, context)) }
      : {}),
    ...(result.data === undefined ? (result.errors ? { data: null } : {}) : { data: result.data }),
    ...(degraded.length > 0 ? { extensions: { degraded } } : {}),
  };
}

/** What has neither data nor a path was refused before anything was executed: variables of another type, where no subgraph is asked. */
function formatted(error: GraphQLError, { data }: ExecutionResult, context: OperationContext): FormattedError {
  return data === undefined && error.path === undefined
    ? formatRequestError(error, context, false)
    : formatError(error, context);
}
