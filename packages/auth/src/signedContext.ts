import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import { roles } from '@tributary/contracts/roles';
import { type Actor, type Principal } from '@tributary/contracts/principal';
import type { GatewaySecrets } from './gatewaySecrets.js';
import { ReplaySet } from './replaySet.js';

/** The header that carries the signed context from gateway to subgraph. */
export const contextHeader = 'x-tributary-context';

/** The longest life of a signed context, in seconds. */
export const contextLifeSeconds = 30;

/** How far the clocks of two machines may differ. */
const clockSkewSeconds = 5;

/**
 * For whom a context is meant: the name of a subgraph (its GraphQL endpoint and socket), `commands:<subgraph>` (its
 * internal commands), or `supergraph` (every subgraph's GraphQL, minted by an edge in front of another router).
 */
export type ContextAudience = string;

export interface SignContextOptions {
  readonly audience: ContextAudience;
  readonly requestId: string;
  /** From `bodyHash` or `operationHash`. Null only for audience `supergraph`, whose body the signer does not know. */
  readonly bodySha256: string | null;
  readonly secrets: GatewaySecrets;
  /** Default and most: 30. */
  readonly lifeSeconds?: number;
}

export interface VerifiedContext {
  readonly principal: Principal;
  readonly requestId: string;
}

interface Payload {
  aud: string;
  rid: string;
  iat: number;
  exp: number;
  jti: string;
  bod: string | null;
  ws: string;
  act: [kind: 'user' | 'apiKey' | 'system', id: string];
  role: string;
  scp: string[] | null;
  sid?: string;
}

/**
 * A signed context is text of four parts with dots between:
 *
 *     tc1.<kid>.<payload>.<mac>
 *
 * kid names the secret; payload is base64url of JSON `{ aud, rid, iat, exp, jti, bod, ws, act, role, scp, sid }` (audience,
 * request id, unix seconds, 128 random bits, base64url SHA-256 of the body or null, workspace, [actor kind, actor id],
 * role, scopes or null, session or absent); mac is base64url of HMAC-SHA256 over everything before the last dot. There is no algorithm field
 * to be confused by. It lives for at most 30 s and is good for one request.
 */
export function signContext(principal: Principal, options: SignContextOptions): string {
  if (options.bodySha256 === null && options.audience !== supergraph)
    throw new Error('Only a context for the supergraph may be without a body.');
  if (principal.role === 'SYSTEM' && !isCommandAudience(options.audience))
    throw new Error('Role SYSTEM is for internal commands only.');
  const now = Math.floor(Date.now() / 1000);
  const payload: Payload = {
    aud: options.audience,
    rid: options.requestId,
    iat: now,
    exp: now + Math.min(options.lifeSeconds ?? contextLifeSeconds, contextLifeSeconds),
    jti: randomBytes(16).toString('base64url'),
    bod: options.bodySha256,
    ws: principal.workspaceId,
    act: [principal.actor.kind, principal.actor.kind === 'system' ? principal.actor.part : principal.actor.id],
    role: principal.role,
    scp: principal.scopes === null ? null : [...principal.scopes],
    ...(principal.sessionId === undefined ? {} : { sid: principal.sessionId }),
  };
  const signed = `tc1.${options.secrets.signing.kid}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', options.secrets.signing.key).update(signed).digest('base64url')}`;
}

export interface ContextVerifierOptions {
  readonly secrets: GatewaySecrets;
  /**
   * Whether contexts for audience `supergraph` are taken. They are bound to no body and may be used many times in their
   * 30 s, because the router in between repeats them: meant for a private network or mutual TLS only. Default false.
   */
  readonly acceptUnboundContext?: boolean;
}

export interface ExpectedContext {
  /** The subgraph's name, or `commands:<subgraph>`. */
  readonly audience: ContextAudience;
  /** The hash of what was received, from `bodyHash` or `operationHash`. */
  readonly bodySha256: string;
}

/** Takes identity from a signed context and from nothing else. One per process: it remembers what it has seen. */
export class ContextVerifier {
  private readonly seen = new ReplaySet();

  constructor(private readonly options: ContextVerifierOptions) {}

  /** Throws INVALID_CREDENTIALS for whatever is not, letter by letter, a fresh context for this request. `token` may be absent. */
  verify(token: string | null | undefined, expected: ExpectedContext): VerifiedContext {
    const payload = this.authentic(token ?? '');
    const now = Date.now() / 1000;
    if (!(
      payload.exp > now &&
      payload.iat <= now + clockSkewSeconds &&
      payload.exp - payload.iat <= contextLifeSeconds
    ))
      throw refused();
    this.checkAddressee(payload, expected);
    return { principal: principalOf(payload), requestId: payload.rid };
  }

  private authentic(token: string): Payload {
    const [version, kid, body, mac, ...rest] = token.length > 16_384 ? [] : token.split('.');
    const secret = this.options.secrets.accepted.find((candidate) => candidate.kid === kid);
    if (version !== 'tc1' || !secret || !body || !mac || rest.length > 0) throw refused();
    const given = Buffer.from(mac, 'base64url');
    const right = createHmac('sha256', secret.key).update(`tc1.${kid}.${body}`).digest();
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw refused();
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Payload;
  }

  private checkAddressee(payload: Payload, expected: ExpectedContext): void {
    if (payload.aud === supergraph) {
      if (!this.options.acceptUnboundContext || isCommandAudience(expected.audience) || payload.bod !== null)
        throw refused();
      return;
    }
    if (payload.aud !== expected.audience || payload.bod !== expected.bodySha256) throw refused();
    if (!this.seen.add(payload.jti, payload.exp)) throw refused();
  }
}

function principalOf(payload: Payload): Principal {
  const [kind, id] = payload.act;
  const actor: Actor = kind === 'system' ? { kind, part: id } : { kind, id };
  const role = payload.role === 'SYSTEM' ? 'SYSTEM' : roles.find((known) => known === payload.role);
  if (!role || (role === 'SYSTEM' && !isCommandAudience(payload.aud))) throw refused();
  const session = payload.sid === undefined ? {} : { sessionId: payload.sid };
  return { workspaceId: payload.ws, actor, role, scopes: payload.scp, ...session };
}

const supergraph = 'supergraph';

function isCommandAudience(audience: string): boolean {
  return audience.startsWith('commands:');
}

function refused(): CodedError {
  return new CodedError(
    'INVALID_CREDENTIALS',
    'This endpoint serves the gateway only. Send the request to the gateway.',
  );
}

/** The hash that a context is bound to over HTTP: base64url SHA-256 of the raw request body. */
export function bodyHash(raw: string | Uint8Array): string {
  return createHash('sha256').update(raw).digest('base64url');
}

/**
 * The hash that a context is bound to over graphql-ws, where there is no raw body: base64url SHA-256 of
 * `JSON.stringify([query, variables ?? null, operationName ?? null])` of the subscribe message's payload.
 */
export function operationHash(operation: {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}): string {
  return bodyHash(JSON.stringify([operation.query, operation.variables ?? null, operation.operationName ?? null]));
}

/** The hash that the context in a graphql-ws connection_init payload is bound to: a socket carries no body of its own. */
export const connectionHash = bodyHash('connection_init');
