import { errorRegister, isCodedError } from '@tributary/kernel';
import { isSourceError } from '../discovery/sourceErrors.js';

/** A phase that cannot go on, in words for the person who started the flow. */
export class PhaseFailure extends Error {
  override readonly name = 'PhaseFailure';

  constructor(
    readonly code: string,
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
  }
}

export interface FailureFacts {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Whether trying the phase again at once may help. */
  readonly passing: boolean;
  /** Whether it is our fault, so that the log must have it. */
  readonly unexpected: boolean;
}

/** What an error means for the flow. */
export function readFailure(error: unknown): FailureFacts {
  if (isSourceError(error))
    return { code: error.code, message: error.message, retryable: false, passing: false, unexpected: false };
  if (error instanceof PhaseFailure) {
    return { code: error.code, message: error.message, retryable: error.retryable, passing: false, unexpected: false };
  }
  if (isCodedError(error)) {
    const passing = errorRegister[error.code].retryable;
    return { code: error.code, message: error.message, retryable: passing, passing, unexpected: !passing };
  }
  return {
    code: 'INTERNAL_ERROR',
    message: 'Something went wrong on our side. Retry the flow; if it fails again, report it with the flow’s id.',
    retryable: true,
    passing: true,
    unexpected: true,
  };
}
