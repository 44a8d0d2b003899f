import {
  circuitBreaker,
  ConsecutiveBreaker,
  handleType,
  isBrokenCircuitError,
  IterableBackoff,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { gauge } from '@tributary/observability';
import { CallFailure } from './CallFailure.js';
import type { CallPolicy } from './SubgraphCall.js';

const failuresToOpen = 5;
/** How long it stays open, by how often it has opened in a row. */
const openMs = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

const openBreakers = gauge(
  'tributary_gateway_breaker_open',
  'Whether calls of a subgraph are held back because it did not answer.',
  ['subgraph'],
);

interface Breaker {
  readonly policy: CircuitBreakerPolicy;
  /** Seconds until it is tried again. */
  retryAfterSeconds(): number;
}

/**
 * After five calls of a subgraph in a row that brought no answer, the next ones fail at once: for a second, then for twice
 * as long each time, up to a minute. Answers with errors do not count, and subscriptions pass by: they come back on their own.
 */
export const breakCalls: CallPolicy = (next, subgraph) => {
  const { policy, retryAfterSeconds } = createBreaker(subgraph);
  return async (request) => {
    if (request.operationType === 'subscription') return next(request);
    try {
      return await policy.execute(() => next(request));
    } catch (error) {
      if (isBrokenCircuitError(error)) throw new CallFailure('open', retryAfterSeconds(), { cause: error });
      throw error;
    }
  };
};

function createBreaker(subgraph: string): Breaker {
  const policy = circuitBreaker(handleType(CallFailure), {
    breaker: new ConsecutiveBreaker(failuresToOpen),
    halfOpenAfter: new IterableBackoff(openMs),
  });
  let openings = 0;
  let retryAt = 0;
  policy.onBreak(() => {
    retryAt = Date.now() + openMs[Math.min(openings, openMs.length - 1)]!;
    openings += 1;
    openBreakers.set({ subgraph }, 1);
  });
  policy.onReset(() => {
    openings = 0;
    openBreakers.set({ subgraph }, 0);
  });
  return { policy, retryAfterSeconds: () => Math.max(1, Math.ceil((retryAt - Date.now()) / 1000)) };
}
