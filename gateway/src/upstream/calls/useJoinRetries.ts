import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { ExecutionResult } from 'graphql';
import type { EngineContext, OperationContext } from '../../result/OperationContext.js';
import { asUnavailable, tellsOfOutage } from '../resume/ResumedStream.js';
import { CallFailure } from './CallFailure.js';

/** How long the parts of an event that other subgraphs hold are asked for. */
export const joinMs = 2_000;
const firstWaitMs = 50;
const longestWaitMs = 400;

/**
 * What an event of a stream takes from other subgraphs is asked for again for two seconds; then the event is delivered
 * without it. In a longer outage that is once: later events do not queue up behind a subgraph that is known to be away.
 */
export function useJoinRetries(): GatewayPlugin {
  const outages = new WeakMap<OperationContext, Map<string, number>>();
  return {
    onSubgraphExecute({ subgraphName, executor, setExecutor }) {
      setExecutor(async (request) => {
        const operation = (request.context as unknown as EngineContext | undefined)?.tributary;
        if (!operation?.position || request.operationType !== 'query') return executor(request) as never;
        let since = outages.get(operation);
        if (!since) outages.set(operation, (since = new Map<string, number>()));
        for (let wait = firstWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
          let answer: ExecutionResult | null = null;
          let failure: unknown;
          try {
            answer = (await executor(request)) as ExecutionResult;
            if (!tellsOfOutage(answer.errors)) {
              since.delete(subgraphName);
              return answer as never;
            }
          } catch (error) {
            if (!(error instanceof CallFailure)) throw error;
            failure = error;
          }
          const begun = since.get(subgraphName) ?? performance.now();
          since.set(subgraphName, begun);
          const pause = wait * (0.5 + Math.random());
          if (operation.signal.aborted || performance.now() + pause - begun >= joinMs) {
            if (!answer) throw failure;
            return { ...answer, errors: answer.errors?.map(asUnavailable) } as never;
          }
          await delay(pause);
        }
      });
    },
  };
}
