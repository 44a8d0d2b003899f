import type { UnifiedGraphHandler } from '@graphql-hive/gateway-runtime';
import type { Executor } from '@graphql-mesh/transport-common';
import { getOperationAST, type DocumentNode, type ExecutionResult, type GraphQLError } from 'graphql';
import { ClientKeys } from './ClientKeys.js';
import { withPlannedKeys } from './plannedKeys.js';

type Answer = ExecutionResult | AsyncIterable<ExecutionResult>;

/** The engine's own executor, with our keys in what it plans, and those of the client in what it answers. */
export function planningOwnKeys(handler: UnifiedGraphHandler): UnifiedGraphHandler {
  return async (options) => {
    const handled = await handler(options);
    const { executor } = handled;
    if (!executor) throw new Error('The engine has no executor.');
    const known = new WeakMap<DocumentNode, DocumentNode>();
    const planning: Executor = (request) => {
      let planned = known.get(request.document);
      if (!planned) known.set(request.document, (planned = withPlannedKeys(request.document)));
      if (planned === request.document) return executor(request);
      const operation = getOperationAST(planned, request.operationName);
      if (!operation) throw new Error('There is no operation to execute.');
      const keys = new ClientKeys(planned, operation);
      return Promise.resolve(executor({ ...request, document: planned })).then((answer) =>
        restored(answer as Answer, keys),
      ) as never;
    };
    return { ...handled, executor: planning };
  };
}

function restored(answer: Answer, keys: ClientKeys): Answer {
  return Symbol.asyncIterator in answer ? restoredEvents(answer, keys) : restoredResult(answer, keys);
}

function restoredResult(result: ExecutionResult, keys: ClientKeys): ExecutionResult {
  const answer = { ...result };
  if (result.data) answer.data = keys.inData(result.data);
  if (result.errors) {
    answer.errors = keys.inErrors(result.errors);
    // The engine has one list for all events of a subscription.
    (result.errors as GraphQLError[]).length = 0;
  }
  return answer;
}

function restoredEvents(
  events: AsyncIterable<ExecutionResult>,
  keys: ClientKeys,
): AsyncIterableIterator<ExecutionResult> {
  const source = events[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await source.next();
      return step.done ? { value: undefined, done: true } : { value: restoredResult(step.value, keys), done: false };
    },
    async return() {
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
