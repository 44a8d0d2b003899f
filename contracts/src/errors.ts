/**
 * The one register of error codes that a client can meet. A code that is not here cannot be thrown, and every code that
 * is here is documented in docs/reference/errors.md: a test walks both.
 */
export interface ErrorDefinition {
  /** Status of the HTTP routes outside GraphQL (`/auth`, `/uploads`, `/internal`). */
  readonly httpStatus: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** What it means and what the caller can do. */
  readonly meaning: string;
}

export const errorRegister = {
  INVALID_CREDENTIALS: {
    httpStatus: 401,
    retryable: false,
    meaning: 'Nobody is signed in, or the e-mail, password or token is wrong. Sign in again.',
  },
  INSUFFICIENT_PERMISSIONS: {
    httpStatus: 403,
    retryable: false,
    meaning: 'The role or the key’s scopes do not allow this action. Ask an owner or admin of the workspace.',
  },
  EXPIRED_TOKEN: {
    httpStatus: 401,
    retryable: false,
    meaning: 'The access token has expired. Call POST /auth/refresh and send the request again.',
  },
  INVALID_API_KEY: {
    httpStatus: 401,
    retryable: false,
    meaning: 'The API key is malformed, unknown, expired or revoked. Create another with createApiKey.',
  },
  RESOURCE_NOT_FOUND: {
    httpStatus: 404,
    retryable: false,
    meaning: 'It does not exist in this workspace.',
  },
  RESOURCE_ALREADY_EXISTS: {
    httpStatus: 409,
    retryable: false,
    meaning: 'Something with this unique name or key exists already.',
  },
  RESOURCE_CONFLICT: {
    httpStatus: 409,
    retryable: false,
    meaning: 'The state has moved on: read it again, then decide. details.reason says what collided.',
  },
  INVALID_INPUT: {
    httpStatus: 400,
    retryable: false,
    meaning: 'A value is outside what the field takes. details.field names it.',
  },
  MISSING_REQUIRED_FIELD: {
    httpStatus: 400,
    retryable: false,
    meaning: 'A value that is needed is absent or blank. details.field names it.',
  },
  INVALID_FORMAT: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The bytes are not in the format that was declared.',
  },
  RATE_LIMIT_EXCEEDED: {
    httpStatus: 429,
    retryable: true,
    meaning: 'Too many requests. Wait for details.retryAfterSeconds.',
  },
  QUOTA_EXCEEDED: {
    httpStatus: 413,
    retryable: false,
    meaning: 'A size or a number is over its limit. details.limit says which.',
  },
  BUDGET_EXCEEDED: {
    httpStatus: 429,
    retryable: true,
    meaning: 'The cost budget of the key or workspace is used up. Wait for details.retryAfterSeconds.',
  },
  OPERATION_TOO_COMPLEX: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The operation is over a limit of size, depth, aliases or cost. Ask for less in one operation.',
  },
  OPERATION_NOT_STORED: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The documentId names no stored operation, or only stored operations are allowed.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    httpStatus: 200,
    retryable: false,
    meaning: 'No stored operation has this hash, and none is registered by sending one. Send the document without it.',
  },
  DATABASE_ERROR: {
    httpStatus: 503,
    retryable: true,
    meaning: 'The database did not answer as it should. Try again.',
  },
  CACHE_ERROR: {
    httpStatus: 503,
    retryable: true,
    meaning: 'The cache did not answer as it should. Try again.',
  },
  SERVICE_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'A part of the system is not reachable or did not answer in time. Try again.',
  },
  INTERNAL_ERROR: {
    httpStatus: 500,
    retryable: false,
    meaning: 'Something that is our fault. Report it with the requestId.',
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorRegister;

/** Facts about the failure that are safe to show to the client. Never SQL, paths or stacks. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The only kind of error whose message reaches a client. Everything else is logged and masked as INTERNAL_ERROR. */
export class CodedError extends Error {
  override readonly name = 'CodedError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether `error` is a CodedError, also one that came from another copy of this module (a worker, jest's sandbox). */
export function isCodedError(error: unknown): error is CodedError {
  return (
    error instanceof CodedError ||
    (typeof error === 'object' &&
      error !== null &&
      'name' in error &&
      error.name === 'CodedError' &&
      'code' in error &&
      typeof error.code === 'string' &&
      error.code in errorRegister)
  );
}
