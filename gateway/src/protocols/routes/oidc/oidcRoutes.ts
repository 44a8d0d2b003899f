import { signInContext } from '@tributary/auth';
import { type CommandClient } from '@tributary/commands';
import { verifiedSignInCommand } from '@tributary/contracts/commands';
import { uuidOf } from '@tributary/contracts/ids';
import { CodedError } from '@tributary/contracts/errors';
import type { HttpExchange } from '../../http/HttpExchange.js';
import type { RestRoute } from '../../http/RestRoute.js';
import { readCookie, setRefreshCookie } from '../refreshCookie.js';
import { OidcSignIn, type OidcSignInOptions, type PendingSignIn } from './OidcSignIn.js';

export interface OidcRoutesOptions extends Omit<OidcSignInOptions, 'redirectUri'> {
  readonly commands: CommandClient;
  /** Where people reach this gateway; `<publicUrl>/auth/oidc/callback` is registered at the issuer. */
  readonly publicUrl: string;
  /** Whether cookies go over HTTPS only. */
  readonly secureCookies: boolean;
  /** Sites that people may be sent to when they are signed in, beside publicUrl's. */
  readonly corsOrigins: readonly string[];
}

const cookieName = 'tributary_oidc';
const pendingSeconds = 600;

/**
 * `GET /auth/oidc/start?return=…` sends the browser to the issuer; `GET /auth/oidc/callback` takes it back, opens a session of the account
 * with the verified e-mail, sets the refresh cookie and goes to `return` (default `/graphql`), where POST /auth/refresh gives the token.
 */
export function oidcRoutes(options: OidcRoutesOptions): RestRoute[] {
  const { commands, secureCookies, publicUrl } = options;
  const signIn = new OidcSignIn({ ...options, redirectUri: new URL('/auth/oidc/callback', publicUrl).href });
  const keep = (exchange: HttpExchange, value: string, seconds: number): void => {
    // Lax: the way back is a navigation from another site, and Strict would keep the cookie from it.
    const attributes = `Path=/auth/oidc; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secureCookies ? '; Secure' : ''}`;
    exchange.response.appendHeader('set-cookie', `${cookieName}=${value}; ${attributes}`);
  };
  return [
    {
      method: 'GET',
      path: '/auth/oidc/start',
      async handle(exchange) {
        const goal = allowedReturn(exchange.query.get('return'), options);
        const { url, pending } = await signIn.begin();
        keep(exchange, encodePending(pending, goal), pendingSeconds);
        redirect(exchange, url.href);
      },
    },
    {
      method: 'GET',
      path: '/auth/oidc/callback',
      event: 'sign_in',
      async handle(exchange) {
        const { pending, goal } = decodePending(readCookie(exchange, cookieName));
        // Whatever comes of it, this way back is used.
        keep(exchange, '', 0);
        const email = await signIn.finish(exchange.query, pending);
        const userAgent = exchange.header('user-agent')?.slice(0, 300) ?? null;
        const signedIn = { email, userAgent };
        const session = await commands.call(verifiedSignInCommand, signedIn, signInContext(exchange.requestId));
        exchange.workspaceId = uuidOf('ws', session.workspaceId);
        setRefreshCookie(exchange, session, secureCookies);
        redirect(exchange, allowedReturn(goal, options));
      },
    },
  ];
}

function redirect(exchange: HttpExchange, location: string): void {
  exchange.response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
}

/** A page of ours or of a configured site: else a link could send people, just signed in, to somebody's copy of it. */
function allowedReturn(wanted: string | null, { publicUrl, corsOrigins }: OidcRoutesOptions): string {
  const goal = URL.canParse(wanted ?? '/graphql', publicUrl) ? new URL(wanted ?? '/graphql', publicUrl) : null;
  if (goal && (goal.origin === new URL(publicUrl).origin || corsOrigins.includes(goal.origin))) return goal.href;
  throw new CodedError('INVALID_INPUT', 'return must be a page of this site or of a configured one.', {
    field: 'return',
  });
}

function encodePending({ state, nonce, verifier }: PendingSignIn, goal: string): string {
  return [state, nonce, verifier, Buffer.from(goal).toString('base64url')].join('.');
}

function decodePending(cookie: string | null): { pending: PendingSignIn; goal: string } {
  const [state, nonce, verifier, goal] = cookie?.split('.') ?? [];
  if (!state || !nonce || !verifier || !goal)
    throw new CodedError('INVALID_CREDENTIALS', 'This sign-in did not begin in this browser, or took too long.');
  return { pending: { state, nonce, verifier }, goal: Buffer.from(goal, 'base64url').toString() };
}
