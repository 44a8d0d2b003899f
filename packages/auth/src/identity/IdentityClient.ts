import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { Repeating } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { resolveApiKeyCommand, revocationsCommand } from '@tributary/contracts/commands';
import type { Command, ResolvedApiKey } from '@tributary/contracts/commands';
import type { AccessTokenVerifier, VerifiedAccessToken } from '../accessToken.js';
import { apiKeyPrefix, parseApiKey } from '../apiKey.js';
import { RevocationList } from './RevocationList.js';
import { signInContext } from './signInContext.js';
import { workspaceSuspended } from './workspaceSuspended.js';

/** The part of a client for commands that identity needs. */
export interface IdentityQuestions {
  call<Input, Output>(command: Command<Input, Output>, input: Input, context: RequestContext): Promise<Output>;
}

export interface IdentityClientOptions {
  /** How to ask subgraph workspace. */
  readonly commands: IdentityQuestions;
  readonly verifier: AccessTokenVerifier;
  /** Hears when revocations cannot be asked for. */
  readonly logger: { warn(facts: object, message: string): void };
  /** How often revocations are asked for. Default 500 ms. */
  readonly pollMs?: number;
  /** How long a key's facts may be used without asking again. Default 10,000 ms. */
  readonly keyCacheMs?: number;
  /** Keys that are remembered at most. Default 10,000. */
  readonly keyCacheSize?: number;
}

/** At most one of the two. */
export interface ShownCredentials {
  /** The whole value of `Authorization`: `Bearer <access token>`. */
  readonly authorization?: string | undefined;
  readonly apiKey?: string | undefined;
}

export interface KnownIdentity {
  readonly principal: Principal;
  /** When whatever was opened with these credentials has to end. Null: it does not expire. */
  readonly expiresAt: Date | null;
  /** What was revoked meanwhile, as far as this process has heard: null while the credentials hold. For what stays open for long. */
  readonly refusal: () => CodedError | null;
  /** Its number changes whenever something was heard: as long as it stays, only time makes `refusal` answer otherwise. */
  readonly revocations: { readonly version: number };
}

/** A signature costs 130 µs to check, so one that held is believed for a minute, and never beyond the token's expiry. */
const tokenCacheMs = 60_000;
const tokenCacheSize = 10_000;

interface CachedKey {
  readonly resolved: Promise<ResolvedApiKey>;
  /** `performance.now()`. */
  readonly askedAt: number;
}

/**
 * Tells a gateway who is behind credentials: access tokens by their signature, keys by asking the workspace subgraph (remembered for
 * seconds), both against what was revoked, which it asks for twice a second.
 */
export class IdentityClient implements AsyncDisposable {
  private readonly revoked = new RevocationList();
  private readonly keys: LRUCache<string, CachedKey>;
  private readonly tokens = new LRUCache<string, VerifiedAccessToken>({ max: tokenCacheSize, ttl: tokenCacheMs });
  private readonly polling: Repeating;
  private since: string | null = null;

  constructor(private readonly options: IdentityClientOptions) {
    this.keys = new LRUCache({ max: options.keyCacheSize ?? 10_000, ttl: options.keyCacheMs ?? 10_000 });
    this.polling = new Repeating({
      everyMs: options.pollMs ?? 500,
      work: () => this.ask(),
      onFault: (err) => {
        if (!isCodedError(err) || err.code !== 'SERVICE_UNAVAILABLE')
          options.logger.warn({ err }, 'revocations could not be read');
      },
    });
  }

  /** Starts to ask for revocations. */
  start(): void {
    void this.polling.start().now();
  }

  close(): Promise<void> {
    return this.polling.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Null for no credentials. Throws EXPIRED_TOKEN, INVALID_CREDENTIALS, INVALID_API_KEY or SERVICE_UNAVAILABLE. */
  async authenticate(credentials: ShownCredentials): Promise<KnownIdentity | null> {
    const { authorization, apiKey } = credentials;
    if (authorization !== undefined && apiKey !== undefined) {
      throw new CodedError('INVALID_CREDENTIALS', 'Send either Authorization or x-api-key, not both.');
    }
    if (apiKey !== undefined) return this.byKey(apiKey);
    return authorization === undefined ? null : this.byToken(authorization);
  }

  /** Asks for revocations now. Many calls at once ask once. */
  poll(): Promise<void> {
    return this.polling.now();
  }

  private async byToken(authorization: string): Promise<KnownIdentity> {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
    if (!token) throw new CodedError('INVALID_CREDENTIALS', 'Authorization must read "Bearer <access token>".');
    if (token.startsWith(apiKeyPrefix))
      throw new CodedError('INVALID_CREDENTIALS', 'This is an API key, no access token: send it as x-api-key.', {
        header: 'x-api-key',
      });
    const { principal, sessionId, issuedAt, expiresAt } = await this.verified(token);
    if (this.since === null) await this.hearRevocations();
    const refusal = (): CodedError | null => {
      if (this.revoked.isSuspended(principal.workspaceId)) return workspaceSuspended();
      if (sessionId !== null && this.revoked.hasSession(sessionId)) {
        return new CodedError('INVALID_CREDENTIALS', 'This session was ended. Sign in again.', {
          reason: 'SESSION_ENDED',
        });
      }
      if (
        principal.actor.kind === 'user' &&
        this.revoked.isOutdated(principal.workspaceId, principal.actor.id, issuedAt)
      ) {
        return new CodedError(
          'EXPIRED_TOKEN',
          'Your role has changed since this token was issued. Refresh it and send the request again.',
          {
            reason: 'ROLE_CHANGED',
          },
        );
      }
      return null;
    };
    const refused = refusal();
    if (refused) throw refused;
    return { principal, expiresAt, refusal, revocations: this.revoked };
  }

  private async verified(token: string): Promise<VerifiedAccessToken> {
    const known = this.tokens.get(token);
    if (known && known.expiresAt.getTime() > Date.now()) return known;
    const found = await this.options.verifier.verify(token);
    const { principal, sessionId } = found;
    const verified = sessionId === null ? found : { ...found, principal: { ...principal, sessionId } };
    this.tokens.set(token, verified);
    return verified;
  }

  private async byKey(text: string): Promise<KnownIdentity> {
    const { keyId, hash } = parseApiKey(text);
    const { key, askedAt } = await this.currentKey(keyId, hash.toString('base64url'));
    const expiresAt = key.expiresAt === null ? null : new Date(key.expiresAt);
    const refusal = (): CodedError | null => {
      if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return keyEnded();
      if (this.revoked.isSuspended(key.workspaceId)) return workspaceSuspended();
      if (this.revoked.isRolled(key.workspaceId, key.id, askedAt)) {
        return new CodedError('INVALID_API_KEY', 'The secret of this key was rolled. Come back, with the new one.', {
          reason: 'KEY_ROLLED',
        });
      }
      return this.revoked.hasKey(key.workspaceId, key.id) ? keyEnded() : null;
    };
    const refused = refusal();
    if (refused) throw refused;
    return {
      principal: {
        workspaceId: key.workspaceId,
        actor: { kind: 'apiKey', id: key.id },
        role: key.role,
        scopes: key.scopes,
      },
      expiresAt,
      refusal,
      revocations: this.revoked,
    };
  }

  /** As it is since its secret was rolled, if it was: what is remembered may be older. */
  private async currentKey(keyId: string, hash: string): Promise<{ key: ResolvedApiKey; askedAt: number }> {
    const { resolved, askedAt } = this.rememberedKey(keyId, hash);
    const key = await resolved;
    if (!this.revoked.isRolled(key.workspaceId, key.id, askedAt)) return { key, askedAt };
    const afresh = this.askForKey(keyId, hash);
    return { key: await afresh.resolved, askedAt: afresh.askedAt };
  }

  private rememberedKey(keyId: string, hash: string): CachedKey {
    return this.keys.get(placeOf(keyId, hash)) ?? this.askForKey(keyId, hash);
  }

  private askForKey(keyId: string, hash: string): CachedKey {
    const place = placeOf(keyId, hash);
    const resolved = this.options.commands.call(resolveApiKeyCommand, { keyId, hash }, signInContext());
    const asked = { resolved, askedAt: performance.now() };
    this.keys.set(place, asked);
    resolved.catch(() => {
      if (this.keys.get(place) === asked) this.keys.delete(place);
    });
    return asked;
  }

  /** A process that has just started knows of no revocation: until it has heard them once, it trusts no token. */
  private async hearRevocations(): Promise<void> {
    await this.poll();
    if (this.since === null)
      throw new CodedError('SERVICE_UNAVAILABLE', 'Your credentials could not be checked just now. Try again.');
  }

  private async ask(): Promise<void> {
    const { asOf, revocations, suspended } = await this.options.commands.call(
      revocationsCommand,
      { since: this.since, knownSuspended: this.revoked.suspendedDigest },
      signInContext(),
    );
    this.revoked.add(revocations);
    if (suspended) this.revoked.setSuspended(suspended);
    this.revoked.prune();
    this.since = asOf;
  }
}

function keyEnded(): CodedError {
  return new CodedError('INVALID_API_KEY', 'This API key has expired or was revoked.');
}

/** A wrong secret must not find, or push out, what the right one put here. */
function placeOf(keyId: string, hash: string): string {
  return createHash('sha256').update(`${keyId}/${hash}`).digest('base64url');
}
