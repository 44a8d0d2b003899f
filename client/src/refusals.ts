import { closeCodes } from '@tributary/contracts/closeCodes';
import { retryableErrorCodes } from '@tributary/contracts/retryableErrors';
import { TributaryError } from './TributaryError.js';
import type { GraphqlError } from './TributaryError.js';

/** How often in a row a subscription may be answered with these before it is given up. */
const triesAfter: Readonly<Record<string, number>> = {
  ...Object.fromEntries(retryableErrorCodes.map((code) => [code, Infinity])),
  INTERNAL_ERROR: 5,
  // The server closes the socket at the same moment, and the next one comes with a new token.
  EXPIRED_TOKEN: 3,
};

/** What the server's errors about one subscription mean for it: when to try again, or that it has ended. */
export function judgeErrors(
  errors: readonly GraphqlError[],
  refusedInARow: number,
): { readonly retryAfterMs: number } | { readonly error: TributaryError } {
  const codes = errors.map((error) => error.extensions?.code ?? 'INVALID_INPUT');
  const final = codes.findIndex((code) => refusedInARow > (triesAfter[code] ?? 0));
  if (final >= 0 || errors.length === 0) {
    const first = errors[Math.max(0, final)];
    return {
      error: new TributaryError(
        codes[final] ?? 'PROTOCOL_ERROR',
        first?.message ?? 'An event came without data and without an error.',
        errors,
      ),
    };
  }
  const seconds = errors.map((error) => Number(error.extensions?.details?.['retryAfterSeconds'] ?? 0));
  return { retryAfterMs: 1000 * Math.max(0, ...seconds.filter(Number.isFinite)) };
}

/** graphql-ws's words for "you do not speak this protocol": 4400 bad request, 4406 no common subprotocol, and the like. */
const protocolCodes = [1002, 1003, 4004, 4400, 4401, 4406, 4409, 4429];
/** A token that has just been fetched may be late once or twice: clocks differ. */
const expiredTokensInARow = 3;

/** The error that a close of the socket means for everything on it; null when one may come back. */
export function judgeClose(code: number | null, reason: string, refusedInARow: number): TributaryError | null {
  // graphql-ws itself says 4401 with this word, to a client that does not keep to the protocol.
  if (code === closeCodes.forbidden || (code === closeCodes.unauthorized && reason !== 'Unauthorized')) {
    if (reason === 'SERVICE_UNAVAILABLE') return null;
    if (reason === 'EXPIRED_TOKEN' && refusedInARow < expiredTokensInARow) return null;
    return new TributaryError(
      reason || 'INVALID_CREDENTIALS',
      `The server refused these credentials: ${reason || 'no reason given'}.`,
    );
  }
  if (code !== null && protocolCodes.includes(code)) {
    return new TributaryError(
      'PROTOCOL_ERROR',
      `The server closed the connection with ${code}${reason ? `: ${reason}` : ''}.`,
    );
  }
  return null;
}
