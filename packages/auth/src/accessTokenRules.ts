import { CodedError } from '@tributary/contracts/errors';
import { errors, type JWTPayload } from 'jose';

/** What holds for access tokens of every issuer. */
const longestToken = 4096;
/** Revocations are remembered a little longer than this: a token that lived on would outlive its own revocation. */
const longestLifeSeconds = 65 * 60;
export const clockToleranceSeconds = 5;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether text has the form of a signed token, in its one spelling: base64url forgives padding, spaces and spare bits, we do not. */
export function isCompactToken(text: string): boolean {
  if (text.length > longestToken) return false;
  const parts = text.split('.');
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** Throws unless a verified token's times are sound: jose lets iat lie in the future and takes any number for exp. */
export function checkTimes({ iat, exp }: JWTPayload): { issuedAt: Date; expiresAt: Date } {
  if (!Number.isFinite(iat) || !Number.isFinite(exp)) throw invalidToken();
  if (iat! > Date.now() / 1000 + clockToleranceSeconds || exp! - iat! > longestLifeSeconds) throw invalidToken();
  return { issuedAt: new Date(Math.round(iat! * 1000)), expiresAt: new Date(exp! * 1000) };
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuidPattern.test(value);
}

export function invalidToken(cause?: unknown): CodedError {
  return new CodedError('INVALID_CREDENTIALS', 'This access token is not valid. Sign in again.', {}, { cause });
}

/** What a client hears of a token that was refused: little, unless it was good once. */
export function asCodedError(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  if (error instanceof errors.JWTExpired) {
    return new CodedError(
      'EXPIRED_TOKEN',
      'The access token has expired. Refresh it and send the request again.',
      {},
      { cause: error },
    );
  }
  return invalidToken(error);
}
