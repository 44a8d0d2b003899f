import { CodedError, isCodedError } from '@tributary/contracts/errors';

/** Of values that came in and will never do: characters that are none, numbers and dates out of range. */
const unstorableStates = new Set(['22021', '22P05', '22P02', '22003', '22008', '22007']);
const connectionStates = new Set(['57P01', '57P02', '57P03', '08000', '08003', '08006', '53300']);

/** PgBouncer's way to say that PostgreSQL is gone, and PostgreSQL's that it does not understand; a single statement that is wrong is an ERROR. */
const pooledConnectionState = '08P01';

function endsConnection(state: string, error: unknown): boolean {
  if (connectionStates.has(state)) return true;
  return state === pooledConnectionState && (error as { readonly severity?: unknown }).severity === 'FATAL';
}

/** SQLSTATE of an error that PostgreSQL sent, or null. */
export function sqlState(error: unknown): string | null {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.length === 5
    ? error.code
    : null;
}

/** The constraint that a row broke, or null when the error is about something else. */
export function brokenConstraint(error: unknown): string | null {
  return sqlState(error)?.startsWith('23') && typeof error === 'object' && error !== null && 'constraint' in error
    ? String(error.constraint)
    : null;
}

/** A migration has changed what a statement's columns are since this connection prepared it; on a fresh one it works. */
export const resultTypeChanged = '0A000';

/** Whether the error leaves the connection in doubt, so that it must not serve anybody again. */
export function breaksConnection(error: unknown): boolean {
  const state = sqlState(error);
  return (
    (state === null && !isCodedError(error)) ||
    (state !== null && (endsConnection(state, error) || state === '57014' || state === resultTypeChanged))
  );
}

/** The coded form of what went wrong below; the cause keeps SQL and state for the log. */
export function toCodedDatabaseError(error: unknown): unknown {
  if (isCodedError(error)) return error;
  const state = sqlState(error);
  if (state === '57014') {
    return new CodedError(
      'SERVICE_UNAVAILABLE',
      'The database took too long. Ask for less, or try again.',
      {},
      { cause: error },
    );
  }
  if (state === null ? isConnectionFailure(error) : endsConnection(state, error)) {
    return new CodedError(
      'SERVICE_UNAVAILABLE',
      'The database cannot be reached right now. Try again.',
      {},
      { cause: error },
    );
  }
  if (state !== null && unstorableStates.has(state)) {
    return new CodedError(
      'INVALID_INPUT',
      'A value of the request cannot be stored or compared: a character, a number or a date that the database does not know.',
      {},
      { cause: error },
    );
  }
  if (state !== null) {
    return new CodedError(
      'DATABASE_ERROR',
      'The database refused a statement. Try again; if it stays, report the requestId.',
      {},
      { cause: error },
    );
  }
  return error;
}

function isConnectionFailure(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND|HOSTUNREACH|AI_AGAIN)$/.test(String(code)) ||
    /connection|timeout exceeded|read timeout/i.test(String(message))
  );
}
