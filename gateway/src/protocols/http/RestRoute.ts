import type { LoggedEvent, Logger } from '@tributary/observability';
import type { HttpExchange } from './HttpExchange.js';

/** A path beside GraphQL. Its handler answers through the exchange; what it throws is answered by code, or masked. */
export interface RestRoute {
  readonly method: 'GET' | 'POST';
  /** Whole, such as `/auth/login`. */
  readonly path: string;
  /** What its requests are called in the log; absent: they are not told. */
  readonly event?: LoggedEvent;
  handle(exchange: HttpExchange, context: RestContext): Promise<void>;
}

export interface RestContext {
  readonly logger: Logger;
}
