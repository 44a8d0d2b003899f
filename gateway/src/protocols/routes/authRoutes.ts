import {
  acceptInvitationCommand,
  describeInvitationCommand,
  loginCommand,
  logoutCommand,
  refreshCommand,
  resetPasswordCommand,
  switchWorkspaceCommand,
  type SignedIn,
} from '@tributary/contracts/commands';
import { signInContext } from '@tributary/auth';
import { type CommandClient } from '@tributary/commands';
import { uuidOf } from '@tributary/contracts/ids';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { z } from 'zod';
import type { Counters } from '@tributary/limits';
import { clientAddress } from '../http/clientAddress.js';
import { isAllowedOrigin } from '../http/cors.js';
import type { HttpExchange } from '../http/HttpExchange.js';
import { readJsonBody } from '../http/readBody.js';
import type { RestRoute } from '../http/RestRoute.js';
import { invitationPage, passwordPage, resetPage } from './passwordPage.js';
import { SignInThrottle } from './SignInThrottle.js';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refreshCookie.js';

export interface AuthRoutesOptions {
  readonly commands: CommandClient;
  /** Whether the refresh cookie goes over HTTPS only. */
  readonly secureCookies: boolean;
  /** Sites whose pages may sign people in, beside this one. */
  readonly corsOrigins: readonly string[];
  /** Counts attempts. */
  readonly counters: Counters;
  /** Whether a proxy stands in front and tells the client's address in X-Forwarded-For. */
  readonly behindProxy: boolean;
  /** The OpenID Connect issuer at which people sign in; null or absent: with their passwords only. */
  readonly oidcIssuer?: string | null;
  /** A page of this site where people go on who have set a password; null or absent: there is none. */
  readonly home?: string | null;
}

const maxBytes = 16 * 1024;
const loginBody = z.object({ email: z.string(), password: z.string(), workspace: z.string().nullish() });
const refreshBody = z.object({ workspace: z.string().nullish() });
const switchBody = z.object({ workspace: z.string() });
const invitationBody = z.object({ token: z.string() });
const acceptBody = z.object({ token: z.string(), password: z.string() });

/**
 * Signing in and out, as JSON over POST. `/auth/login`, `/auth/refresh`, `/auth/switch`, `/auth/accept` and `/auth/reset` answer
 * `{"accessToken","expiresInSeconds","workspaceId","workspaces"}` and set the refresh cookie; `/auth/logout` answers 204, and so does
 * `/auth/refresh` to whoever has no session. `/auth/invitation` tells what a one-time link invites to. `GET /auth/methods` tells a sign-in page what to offer.
 */
export function authRoutes(options: AuthRoutesOptions): RestRoute[] {
  const { commands, secureCookies, behindProxy } = options;
  const throttle = new SignInThrottle(options.counters);

  const post = (path: string, work: (exchange: HttpExchange) => Promise<SignedIn | null>): RestRoute => ({
    method: 'POST',
    path,
    event: 'sign_in',
    async handle(exchange) {
      refuseOtherSites(exchange, options.corsOrigins);
      const session = await work(exchange);
      if (!session) {
        clearRefreshCookie(exchange, secureCookies);
        exchange.response.writeHead(204).end();
        return;
      }
      exchange.workspaceId = uuidOf('ws', session.workspaceId);
      setRefreshCookie(exchange, session, secureCookies);
      const { accessToken, expiresInSeconds, workspaceId, workspaces } = session;
      exchange.sendJson(200, { accessToken, expiresInSeconds, workspaceId, workspaces });
    },
  });

  const link = (page: string, command: typeof acceptInvitationCommand | typeof resetPasswordCommand): RestRoute =>
    post(page, async (exchange) => {
      const { token, password } = parse(acceptBody, await readJsonBody(exchange.request, maxBytes));
      return throttle.attempt(token, clientAddress(exchange, behindProxy), () =>
        commands.call(
          command,
          { token, password, userAgent: userAgentOf(exchange) },
          signInContext(exchange.requestId),
        ),
      );
    });

  const invitation: RestRoute = {
    method: 'POST',
    path: '/auth/invitation',
    async handle(exchange) {
      refuseOtherSites(exchange, options.corsOrigins);
      const { token } = parse(invitationBody, await readJsonBody(exchange.request, maxBytes));
      const described = await throttle.attempt(token, clientAddress(exchange, behindProxy), () =>
        commands.call(describeInvitationCommand, { token }, signInContext(exchange.requestId)),
      );
      exchange.sendJson(200, described);
    },
  };

  return [
    signInMethods(options.oidcIssuer ?? null),
    passwordPage(invitationPage, options.home ?? null),
    passwordPage(resetPage, options.home ?? null),
    post('/auth/login', async (exchange) => {
      const { email, password, workspace } = parse(loginBody, await readJsonBody(exchange.request, maxBytes));
      const input = { email, password, workspace: workspace ?? null, userAgent: userAgentOf(exchange) };
      return throttle.attempt(email, clientAddress(exchange, behindProxy), () =>
        commands.call(loginCommand, input, signInContext(exchange.requestId)),
      );
    }),
    post('/auth/refresh', async (exchange) => {
      const refreshToken = readRefreshCookie(exchange);
      if (!refreshToken) return null;
      const { workspace } = parse(refreshBody, await optionalBody(exchange));
      try {
        return await commands.call(refreshCommand, { refreshToken, workspace }, signInContext(exchange.requestId));
      } catch (error) {
        if (isCodedError(error) && error.code === 'INVALID_CREDENTIALS') clearRefreshCookie(exchange, secureCookies);
        throw error;
      }
    }),
    post('/auth/switch', async (exchange) => {
      const { workspace } = parse(switchBody, await readJsonBody(exchange.request, maxBytes));
      return commands.call(
        switchWorkspaceCommand,
        { refreshToken: requireCookie(exchange), workspace, userAgent: userAgentOf(exchange) },
        signInContext(exchange.requestId),
      );
    }),
    invitation,
    link(invitationPage.path, acceptInvitationCommand),
    link(resetPage.path, resetPasswordCommand),
    post('/auth/logout', async (exchange) => {
      const refreshToken = readRefreshCookie(exchange);
      if (refreshToken) await commands.call(logoutCommand, { refreshToken }, signInContext(exchange.requestId));
      return null;
    }),
  ];
}

/** The cookie goes along by itself, so a page of another site must not be able to use it. */
function refuseOtherSites(exchange: HttpExchange, allowed: readonly string[]): void {
  const { origin, host } = exchange.request.headers;
  if (
    !isAllowedOrigin(origin, host, allowed) ||
    (exchange.header('sec-fetch-site') === 'cross-site' && !allowed.includes(origin ?? ''))
  ) {
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      'Pages of this site cannot sign people in. Its origin must be configured.',
    );
  }
}

/** What a sign-in page offers: the way with a password, and the issuer's when there is one. */
function signInMethods(oidcIssuer: string | null): RestRoute {
  const methods = [
    { kind: 'password', path: '/auth/login' },
    ...(oidcIssuer === null ? [] : [{ kind: 'oidc', path: '/auth/oidc/start', issuer: oidcIssuer }]),
  ];
  return {
    method: 'GET',
    path: '/auth/methods',
    handle(exchange) {
      exchange.sendJson(200, { methods });
      return Promise.resolve();
    },
  };
}

/** Clients of before send none. */
async function optionalBody(exchange: HttpExchange): Promise<unknown> {
  const { headers } = exchange.request;
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  return isEmpty ? {} : readJsonBody(exchange.request, maxBytes);
}

function userAgentOf(exchange: HttpExchange): string | null {
  return exchange.header('user-agent')?.slice(0, 300) ?? null;
}

function requireCookie(exchange: HttpExchange): string {
  const token = readRefreshCookie(exchange);
  if (!token) throw new CodedError('INVALID_CREDENTIALS', 'There is no session. Sign in with POST /auth/login.');
  return token;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  const isAbsent = issue?.code === 'invalid_type' && typeof body === 'object' && body !== null && !(field in body);
  throw new CodedError(
    isAbsent ? 'MISSING_REQUIRED_FIELD' : 'INVALID_INPUT',
    field ? `"${field}": ${issue?.message}` : 'The body must be a JSON object.',
    { field },
  );
}
