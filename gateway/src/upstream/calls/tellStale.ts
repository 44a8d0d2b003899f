import type { ExecutionResult } from 'graphql';
import type { CallPolicy } from './SubgraphCall.js';

/** A subgraph that answers with what it remembers, since it could not look, says so; `extensions.degraded` names it. */
export const tellStale: CallPolicy = (next, subgraph) => async (request) => {
  const answer = await next(request);
  if ((answer as ExecutionResult).extensions?.['stale'] === true)
    request.context?.tributary.degraded.set(subgraph, { subgraph, reason: 'stale', retryAfterSeconds: 1 });
  return answer;
};
