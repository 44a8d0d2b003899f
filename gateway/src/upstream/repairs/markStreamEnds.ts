import { GraphQLError, type ExecutionResult } from 'graphql';
import type { CallPolicy, CallSubgraph } from '../calls/SubgraphCall.js';

const endings = new WeakSet<object>();

/** Whether this error, or one inside it, says that a stream cannot go on. */
export function endsStream(error: unknown): boolean {
  for (
    let inner: unknown = error;
    typeof inner === 'object' && inner !== null;
    inner = (inner as { originalError?: unknown }).originalError
  ) {
    if (endings.has(inner)) return true;
  }
  return false;
}

/**
 * Marks the errors that end a subgraph's stream. The engine keeps the data of the event before, so without the mark a
 * stream that breaks would show its last event once more, with an error beside it.
 */
export const markStreamEnds: CallPolicy = (next) => (request) =>
  request.operationType === 'subscription' ? marked(next(request)) : next(request);

async function marked(pending: ReturnType<CallSubgraph>): Promise<Awaited<ReturnType<CallSubgraph>>> {
  const answer = await pending;
  return Symbol.asyncIterator in answer ? withMarkedEnd(answer) : answer;
}

function withMarkedEnd(events: AsyncIterable<ExecutionResult>): AsyncIterableIterator<ExecutionResult> {
  const source = events[Symbol.asyncIterator]();
  let ended = false;
  return {
    async next() {
      if (ended) return { value: undefined, done: true };
      try {
        const step = await source.next();
        if (step.done) return step;
        const { data, errors } = step.value;
        if (data !== undefined && data !== null) return step;
        ended = true;
        void source.return?.();
        return { value: { errors: (errors ?? []).map(asEnding) }, done: false };
      } catch (error) {
        ended = true;
        return { value: { errors: [asEnding(error)] }, done: false };
      }
    },
    async return() {
      ended = true;
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function asEnding(error: unknown): GraphQLError {
  const { message, path, extensions } = error as Partial<GraphQLError>;
  const ending = new GraphQLError(message ?? String(error), {
    path,
    originalError: error instanceof Error ? error : undefined,
    extensions,
  });
  endings.add(ending);
  return ending;
}
