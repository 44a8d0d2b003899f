import { Repeating } from '@tributary/kernel';
import { metricsSnapshot } from '@tributary/observability';
import type { Logger, MetricsSnapshot } from '@tributary/observability';

/** What a thread or a process without a port tells now and then of what it has counted. */
export interface ToldMetrics {
  readonly metrics: MetricsSnapshot;
}

export function isToldMetrics(message: unknown): message is ToldMetrics {
  return typeof message === 'object' && message !== null && 'metrics' in message;
}

/** Less than any scrape waits. */
const tellEveryMs = 5_000;

/** Tells what this thread has counted until it ends. */
export function tellMetrics(tell: (told: ToldMetrics) => void, logger: Logger): void {
  new Repeating({
    everyMs: tellEveryMs,
    work: async () => tell({ metrics: await metricsSnapshot() }),
    onFault: (err) => logger.warn({ err }, 'what was counted here could not be told'),
  }).start();
}
