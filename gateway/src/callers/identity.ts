import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';

/** What a request or a socket shows: at most one of the two. */
export interface Credentials {
  /** The whole value of `Authorization`: `Bearer <access token>`. */
  readonly authorization?: string | undefined;
  readonly apiKey?: string | undefined;
}

export interface Identity {
  readonly principal: Principal;
  /** When a socket that was opened with these credentials has to be closed. Null: it does not expire. */
  readonly expiresAt: Date | null;
  /** What stands against these credentials by now, as far as this process has heard: null while they hold. */
  readonly refusal?: () => CodedError | null;
  /** What `refusal` goes by besides the time. Without it, it has to be asked each time. */
  readonly revocations?: Revocations;
}

/** What this process has heard of credentials that were taken back. */
export interface Revocations {
  /** Another number whenever something was heard. */
  readonly version: number;
}

/** Why somebody who was let in before may go no further; null while they may. */
export function refusalOf(identity: Identity): CodedError | null {
  if (identity.expiresAt !== null && identity.expiresAt.getTime() <= Date.now())
    return new CodedError(
      'EXPIRED_TOKEN',
      'Your credentials have expired. Come back with new ones and your last cursor.',
    );
  return identity.refusal?.() ?? null;
}

/** Tells who is behind credentials. Embedded and cluster mode bring their own. */
export interface IdentityService {
  /** Null for no credentials. Throws EXPIRED_TOKEN, INVALID_CREDENTIALS, INVALID_API_KEY or SERVICE_UNAVAILABLE. */
  authenticate(credentials: Credentials): Promise<Identity | null>;
}

/** On whose behalf an operation runs, or why on nobody's. */
export type Caller =
  { readonly identity: Identity; readonly refusal: null } | { readonly identity: null; readonly refusal: CodedError };

/** Never throws: bad credentials become the refusal that every root field answers with. */
export async function identifyCaller(service: IdentityService, credentials: Credentials): Promise<Caller> {
  if (credentials.authorization !== undefined && credentials.apiKey !== undefined) {
    return refused(new CodedError('INVALID_CREDENTIALS', 'Send either Authorization or x-api-key, not both.'));
  }
  try {
    const identity = await service.authenticate(credentials);
    return identity ? { identity, refusal: null } : refused(notSignedIn());
  } catch (error) {
    if (isCodedError(error)) return refused(error);
    return refused(
      new CodedError(
        'SERVICE_UNAVAILABLE',
        'Your credentials could not be checked just now. Try again.',
        {},
        { cause: error },
      ),
    );
  }
}

function refused(refusal: CodedError): Caller {
  return { identity: null, refusal };
}

function notSignedIn(): CodedError {
  return new CodedError(
    'INVALID_CREDENTIALS',
    'Sign in first: send "Authorization: Bearer <access token>" or "x-api-key".',
  );
}
