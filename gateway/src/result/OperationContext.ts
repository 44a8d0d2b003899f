import type { Logger } from '@tributary/observability';
import type { CodedError } from '@tributary/contracts/errors';
import type { Deadline } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import type { StreamPosition } from './StreamPosition.js';

/** One part of the graph that an answer had to do without, or has older than it should be; the shape of `extensions.degraded`. */
export interface Degraded {
  readonly subgraph: string;
  /** `unreachable`, `timeout`, `invalid_response` or `stale`. */
  readonly reason: string;
  readonly retryAfterSeconds: number;
}

/** What our plugins know of the operation that the engine runs. It is made once, before the engine sees the operation. */
export interface OperationContext {
  /** Null: nobody is signed in, and `refusal` says why. */
  readonly principal: Principal | null;
  readonly refusal: CodedError | null;
  readonly requestId: string;
  /** Null for subscriptions, whose single calls have limits but which themselves may stay. */
  deadline: Deadline | null;
  /** Of the stream event that is being delivered. Null for everything that is no subscription to a stream. */
  position: StreamPosition | null;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** By subgraph. */
  readonly degraded: Map<string, Degraded>;
}
