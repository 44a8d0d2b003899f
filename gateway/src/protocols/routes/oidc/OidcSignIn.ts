import { CodedError } from '@tributary/contracts/errors';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
  type Configuration,
} from 'openid-client';

export interface OidcSignInOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** Where the issuer sends people back to, as registered there. */
  readonly redirectUri: string;
}

/** What one browser must bring back for its sign-in to be its own. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Signing in at an OpenID Connect issuer: authorization code with PKCE, state and nonce. The issuer is found when it is first needed. */
export class OidcSignIn {
  private found: Promise<Configuration> | null = null;

  constructor(private readonly options: OidcSignInOptions) {}

  /** Where to send the browser, and what it has to keep. Throws SERVICE_UNAVAILABLE. */
  async begin(): Promise<{ url: URL; pending: PendingSignIn }> {
    const configuration = await this.configuration();
    const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.options.redirectUri,
      scope: 'openid email',
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    });
    return { url, pending };
  }

  /** The verified e-mail of who came back. Throws INVALID_CREDENTIALS, or SERVICE_UNAVAILABLE when the issuer does not answer. */
  async finish(query: URLSearchParams, pending: PendingSignIn): Promise<string> {
    const configuration = await this.configuration();
    const current = new URL(this.options.redirectUri);
    current.search = query.toString();
    const claims = await authorizationCodeGrant(configuration, current, {
      pkceCodeVerifier: pending.verifier,
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    }).then(
      (tokens) => tokens.claims(),
      (cause: unknown) => {
        throw isVerdict(cause) ? refused(cause) : unreachable(cause);
      },
    );
    const email = claims?.['email'];
    // An address that the issuer did not check can be anybody's.
    if (typeof email !== 'string' || claims?.['email_verified'] !== true) {
      throw new CodedError('INVALID_CREDENTIALS', 'The issuer does not vouch for your e-mail address.', {
        reason: 'EMAIL_NOT_VERIFIED',
      });
    }
    return email;
  }

  private configuration(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    const isPlain = issuer.startsWith('http:');
    this.found ??= discovery(new URL(issuer), clientId, clientSecret ?? undefined, clientSecret ? undefined : None(), {
      timeout: 5,
      ...(isPlain ? { execute: [allowInsecureRequests] } : {}),
    }).catch((cause: unknown) => {
      this.found = null;
      throw unreachable(cause);
    });
    return this.found;
  }
}

/** Whether the issuer, or the check of what it said, has decided; anything else is trouble on the way. */
function isVerdict(error: unknown): boolean {
  if (error instanceof ClientError) return error.code !== 'OAUTH_TIMEOUT';
  return (
    error instanceof AuthorizationResponseError ||
    error instanceof ResponseBodyError ||
    error instanceof WWWAuthenticateChallengeError
  );
}

function refused(cause: unknown): CodedError {
  return new CodedError('INVALID_CREDENTIALS', 'You were not signed in. Begin again.', {}, { cause });
}

function unreachable(cause: unknown): CodedError {
  return new CodedError(
    'SERVICE_UNAVAILABLE',
    'Where you sign in cannot be reached right now. Try again.',
    {},
    { cause },
  );
}
