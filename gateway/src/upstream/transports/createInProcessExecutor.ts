import type { Executor } from '@graphql-mesh/transport-common';
import type { EngineContext } from '../../result/OperationContext.js';
import type { InProcessConnection } from '../connections.js';
import { callBudgetOf } from '../calls/callBudget.js';
import { requestContextOf } from './requestContext.js';

/** Hands the plan's own document to the subgraph: the same object each time, so that both sides can remember what they know of it. */
export function createInProcessExecutor(connection: InProcessConnection): Executor {
  return function executeInProcess(request) {
    return connection.execute({
      document: request.document,
      variables: request.variables,
      operationName: request.operationName,
      context: requestContextOf(
        request.context as unknown as EngineContext,
        callBudgetOf(request),
        request.operationType === 'subscription',
      ),
      signal: request.signal,
    }) as never;
  };
}
