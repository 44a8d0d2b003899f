import { errorRegister, isCodedError } from '@tributary/contracts/errors';

/** An error that says itself what it means for the flow. Its message is for the person who started it. */
export interface FlowFault extends Error {
  readonly code: string;
  /** Whether a person may retry the flow. */
  readonly retryable: boolean;
  /** Whether it passes: the phase is tried again at once. */
  readonly passing: boolean;
}

/** A phase that cannot go on, in words for the person who started the flow. */
export class PhaseFailure extends Error implements FlowFault {
  override readonly name = 'PhaseFailure';
  readonly passing = false;

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
  if (isFlowFault(error)) {
    const { code, message, retryable, passing } = error;
    return { code, message, retryable, passing, unexpected: false };
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

/** By its form, so that an error from another copy of a module (a worker's, a plug-in's) is understood as well. */
function isFlowFault(error: unknown): error is FlowFault {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'retryable' in error &&
    typeof error.retryable === 'boolean' &&
    'passing' in error &&
    typeof error.passing === 'boolean'
  );
}
