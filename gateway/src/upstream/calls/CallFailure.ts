/** Why a call of a subgraph brought no answer. `open`: it was not tried, because the calls before it failed. */
export type CallFailureReason = 'unreachable' | 'timeout' | 'invalid_response' | 'open';

/** A call of a subgraph that brought no answer: not an answer with errors in it. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';

  constructor(
    readonly reason: CallFailureReason,
    readonly retryAfterSeconds: number,
    options?: { cause?: unknown },
  ) {
    super(`The call failed: ${reason}.`, options);
  }
}
