import { noteWork, type LoggedEvent } from '@tributary/observability';
import type { HttpExchange } from './HttpExchange.js';

/** Tells the log of a request that was answered. `startedMs`: of `performance.now()`. */
export function noteExchange(event: LoggedEvent, exchange: HttpExchange, startedMs: number): void {
  const { failure, requestId, workspaceId } = exchange;
  const durationMs = performance.now() - startedMs;
  noteWork(
    exchange.logger,
    { event, status: failure ?? 'ok', durationMs, requestId, workspaceId },
    { path: exchange.path },
  );
}
