import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { roles, type Role } from '@tributary/contracts/roles';
import { type Principal } from '@tributary/contracts/principal';
import {
  createLocalJWKSet,
  jwtVerify,
  SignJWT,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import {
  asCodedError,
  checkTimes,
  clockToleranceSeconds,
  invalidToken,
  isCompactToken,
  isUuid,
} from './accessTokenRules.js';
import { RemoteKeys } from './RemoteKeys.js';

/**
 * Access tokens are JWTs (RFC 9068) signed with Ed25519.
 *
 * Header: `{ alg: "EdDSA", typ: "at+jwt", kid }`, kid being the key's RFC 7638 thumbprint.
 * Claims: `iss`, `aud`, `sub` (user, bare uuid), `workspace_id` (bare uuid), `role`, `typ: "access"`, `sid` (the session,
 * which is the family of refresh tokens that it came from), `jti`, `iat`, `exp`.
 */
const algorithm = 'EdDSA';
const headerType = 'at+jwt';
const claimType = 'access';

export interface AccessTokenSubject {
  /** Bare uuids. */
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  /** The session that the token can be revoked by. */
  readonly sessionId: string;
}

export interface IssuedAccessToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

export interface AccessTokenIssuer {
  /**
   * `issuedAt` (default now) is kept to the millisecond: it is what a later change of role is compared with, so take it while
   * the role cannot change.
   */
  issue(subject: AccessTokenSubject, issuedAt?: Date): Promise<IssuedAccessToken>;
  /** The public half, as served at `/.well-known/jwks.json`. */
  readonly jwks: JSONWebKeySet;
}

export interface AccessTokenIssuerOptions {
  /** Ed25519, PKCS #8. Throws at creation when it is another kind of key. */
  readonly privateKeyPem: string;
  readonly issuer: string;
  readonly audience: string;
  /** Default 1800 (30 minutes). */
  readonly ttlSeconds?: number;
}

/** What a valid access token says. */
export interface VerifiedAccessToken {
  readonly principal: Principal;
  /** Null: of an issuer outside, whose sessions are not ours. */
  readonly sessionId: string | null;
  readonly tokenId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export interface AccessTokenVerifier {
  /** Throws EXPIRED_TOKEN when it was good once, SERVICE_UNAVAILABLE when keys cannot be fetched, else INVALID_CREDENTIALS. */
  verify(token: string): Promise<VerifiedAccessToken>;
}

export interface AccessTokenVerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Ed25519 public keys (SPKI, PEM). Several during a rotation. */
  readonly publicKeysPem?: readonly string[];
  readonly jwks?: JSONWebKeySet;
  /** Where keys are fetched: at most once in `jwksIntervalMs`, default 30,000. */
  readonly jwksUrl?: string;
  readonly jwksIntervalMs?: number;
}

/** A new Ed25519 pair as PEM text, for JWT_PRIVATE_KEY and JWT_PUBLIC_KEYS. */
export function generateSigningKey(): { privateKeyPem: string; publicKeyPem: string } {
  const pair = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The public half of a private key, as PEM text. */
export function publicKeyPemOf(privateKeyPem: string): string {
  return createPublicKey(createPrivateKey(privateKeyPem)).export({ type: 'spki', format: 'pem' }).toString();
}

export function createAccessTokenIssuer(options: AccessTokenIssuerOptions): AccessTokenIssuer {
  const ttlSeconds = options.ttlSeconds ?? 1800;
  const privateKey = createPrivateKey(options.privateKeyPem);
  requireEd25519(privateKey, 'private');
  const publicJwk = publicJwkOf(createPublicKey(privateKey));
  const header = { alg: algorithm, typ: headerType, kid: publicJwk.kid };
  return {
    jwks: { keys: [publicJwk] },
    async issue(subject, issuedAt = new Date()) {
      const now = issuedAt.getTime() / 1000;
      const accessToken = await new SignJWT({
        workspace_id: subject.workspaceId,
        role: subject.role,
        typ: claimType,
        sid: subject.sessionId,
      })
        .setProtectedHeader(header)
        .setIssuer(options.issuer)
        .setAudience(options.audience)
        .setSubject(subject.userId)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(Math.floor(now) + ttlSeconds)
        .sign(privateKey);
      return { accessToken, expiresInSeconds: ttlSeconds };
    },
  };
}

/** Throws an Error when it is given no key, or one of another kind. */
export function createAccessTokenVerifier(options: AccessTokenVerifierOptions): AccessTokenVerifier {
  const getKey = keySource(options);
  return {
    async verify(token) {
      if (!isCompactToken(token)) throw invalidToken();
      try {
        const { payload } = await jwtVerify(token, getKey, {
          algorithms: [algorithm],
          issuer: options.issuer,
          audience: options.audience,
          typ: headerType,
          clockTolerance: clockToleranceSeconds,
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'sid', 'workspace_id', 'role', 'typ'],
        });
        return verified(payload);
      } catch (error) {
        throw asCodedError(error);
      }
    },
  };
}

function verified(payload: JWTPayload): VerifiedAccessToken {
  const { sub, workspace_id: workspaceId, role, typ, sid, jti } = payload;
  const known = roles.find((candidate) => candidate === role);
  if (typ !== claimType || !known || !isUuid(sub) || !isUuid(workspaceId) || !isUuid(sid) || typeof jti !== 'string')
    throw invalidToken();
  return {
    principal: { workspaceId, actor: { kind: 'user', id: sub }, role: known, scopes: null },
    sessionId: sid,
    tokenId: jti,
    ...checkTimes(payload),
  };
}

function keySource(options: AccessTokenVerifierOptions): JWTVerifyGetKey {
  const { jwksUrl, jwksIntervalMs } = options;
  if (jwksUrl) {
    const url = () => Promise.resolve(jwksUrl);
    return new RemoteKeys({ url, ...(jwksIntervalMs ? { intervalMs: jwksIntervalMs } : {}) }).find;
  }
  const keys = [...(options.jwks?.keys ?? [])];
  for (const pem of options.publicKeysPem ?? []) {
    const key = createPublicKey(pem);
    requireEd25519(key, 'public');
    keys.push(publicJwkOf(key));
  }
  if (keys.length === 0) throw new Error('No key to verify access tokens with: give publicKeysPem, jwks or jwksUrl.');
  return createLocalJWKSet({ keys });
}

/** The key as a JWK, its kid the RFC 7638 thumbprint: SHA-256 of the required members in the order of their names. */
function publicJwkOf(key: KeyObject): JWK {
  const { crv, kty, x } = key.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  return { crv, kty, x, kid, alg: algorithm, use: 'sig' };
}

function requireEd25519(key: KeyObject, half: 'private' | 'public'): void {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`The ${half} key for access tokens must be Ed25519, not ${key.asymmetricKeyType}.`);
}
