import type * as contract from '@tributary/contracts/errors';

/** An error as GraphQL answers it. */
export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly requestId?: string;
  };
}

/** The server's codes, and the client's own: the last four. More may be added. */
export type ErrorCode =
  | contract.ErrorCode
  /** `close()` was called. */
  | 'CLIENT_CLOSED'
  /** `retry.maxAttempts` connections in a row came to nothing. */
  | 'CONNECTION_LOST'
  /** What answers is no Tributary, or not one that this client understands. */
  | 'PROTOCOL_ERROR'
  /** This environment has no WebSocket, and none was passed. */
  | 'NO_WEBSOCKET'
  | (string & {});

/**
 * Why a subscription cannot go on. Trying again as it is would give the same answer.
 * `authorization` may throw one, to say that no token can be had any more.
 */
export class TributaryError extends Error {
  override readonly name = 'TributaryError';

  constructor(
    /** What to decide by; the message is for people. */
    readonly code: ErrorCode,
    message: string,
    /** As the server sent them; empty when the failure is the connection's. */
    readonly errors: readonly GraphqlError[] = [],
  ) {
    super(message);
  }
}
