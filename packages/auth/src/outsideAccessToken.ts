import { roles } from '@tributary/contracts/roles';
import { decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { AccessTokenVerifier, VerifiedAccessToken } from './accessToken.js';
import {
  asCodedError,
  checkTimes,
  clockToleranceSeconds,
  invalidToken,
  isCompactToken,
  isUuid,
} from './accessTokenRules.js';
import { RemoteKeys } from './RemoteKeys.js';

export interface OutsideIssuerOptions {
  /** Claim iss, and where discovery begins. */
  readonly issuer: string;
  /** Claim aud. */
  readonly audience: string;
  /** Header typ. RFC 9068 says `at+jwt`; some issuers write `JWT`, which their ID tokens have as well, told apart by audience alone. */
  readonly headerType: string;
  /** Which claims hold the user (bare uuid, or user_…), the workspace (bare uuid, or ws_…) and the role. */
  readonly claims: { readonly user: string; readonly workspace: string; readonly role: string };
  /** Where the keys are; absent: what discovery says. */
  readonly jwksUrl?: string | undefined;
  readonly intervalMs?: number;
}

/** Only signatures that a public key checks: with HS256 whoever knows that key could sign. */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'PS256', 'RS256'];

/**
 * Checks access tokens of an issuer outside, found by OpenID Connect discovery. What they say of workspace and role is believed: the issuer
 * decides. They belong to no session of ours, so they end by expiry, a change of role or the suspension of the workspace.
 */
export function createOutsideTokenVerifier(options: OutsideIssuerOptions): AccessTokenVerifier {
  const url = (): Promise<string> =>
    options.jwksUrl ? Promise.resolve(options.jwksUrl) : discoverKeys(options.issuer);
  const keys = new RemoteKeys({ url, ...(options.intervalMs ? { intervalMs: options.intervalMs } : {}) });
  return {
    async verify(token) {
      if (!isCompactToken(token)) throw invalidToken();
      try {
        const { payload } = await jwtVerify(token, keys.find, {
          algorithms,
          issuer: options.issuer,
          audience: options.audience,
          typ: options.headerType,
          clockTolerance: clockToleranceSeconds,
          requiredClaims: ['exp', 'iat'],
        });
        return verified(payload, options.claims);
      } catch (error) {
        throw asCodedError(error);
      }
    },
  };
}

/** Hands a token to the verifier of the issuer that it names; the signature is then checked with that issuer's keys alone. */
export function verifierByIssuer(verifiers: ReadonlyMap<string, AccessTokenVerifier>): AccessTokenVerifier {
  return {
    verify(token) {
      const verifier = verifiers.get(issuerOf(token));
      return verifier ? verifier.verify(token) : Promise.reject(invalidToken());
    },
  };
}

function issuerOf(token: string): string {
  if (!isCompactToken(token)) throw invalidToken();
  try {
    return decodeJwt(token).iss ?? '';
  } catch (error) {
    throw invalidToken(error);
  }
}

async function discoverKeys(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`Discovery of ${issuer} answered ${response.status}.`);
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error(`Discovery of ${issuer} speaks of another issuer.`);
  if (typeof found.jwks_uri !== 'string') throw new Error(`Discovery of ${issuer} names no keys.`);
  return found.jwks_uri;
}

function verified(payload: JWTPayload, claims: OutsideIssuerOptions['claims']): VerifiedAccessToken {
  const userId = bareUuid(payload[claims.user], 'user_');
  const workspaceId = bareUuid(payload[claims.workspace], 'ws_');
  const role = roles.find((known) => known === payload[claims.role]);
  const { jti } = payload;
  if (!userId || !workspaceId || !role) throw invalidToken();
  return {
    principal: { workspaceId, actor: { kind: 'user', id: userId }, role, scopes: null },
    sessionId: null,
    tokenId: typeof jti === 'string' ? jti : '',
    ...checkTimes(payload),
  };
}

function bareUuid(claim: unknown, tag: string): string | null {
  if (typeof claim !== 'string') return null;
  const uuid = claim.startsWith(tag) ? claim.slice(tag.length) : claim;
  return isUuid(uuid) ? uuid : null;
}
