import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to go on trying. Default 5,000 ms. */
  readonly timeoutMs?: number;
  /** Pause between two tries. Default 20 ms. */
  readonly intervalMs?: number;
}

/**
 * Calls `attempt` until it neither throws nor rejects, and answers its value: an `expect` inside it is a promise about the
 * near future. After `timeoutMs` the last failure is thrown as it is.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 5000, intervalMs = 20 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await delay(intervalMs);
  }
}
