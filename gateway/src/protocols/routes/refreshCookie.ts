import type { SignedIn } from '@tributary/contracts/commands';
import type { HttpExchange } from '../http/HttpExchange.js';

const name = 'tributary_refresh';

/**
 * The refresh token lives in a cookie that no script can read and that goes to `/auth` of this site only.
 * `secure`: over HTTPS only.
 */
export function setRefreshCookie(
  exchange: HttpExchange,
  session: Pick<SignedIn, 'refreshToken' | 'refreshExpiresInSeconds'>,
  secure: boolean,
): void {
  exchange.response.appendHeader(
    'set-cookie',
    cookie(session.refreshToken, Math.floor(session.refreshExpiresInSeconds), secure),
  );
}

export function clearRefreshCookie(exchange: HttpExchange, secure: boolean): void {
  exchange.response.appendHeader('set-cookie', cookie('', 0, secure));
}

/** Null when the request has none. */
export function readRefreshCookie(exchange: HttpExchange): string | null {
  return readCookie(exchange, name);
}

/** Null when the request has none of this name. */
export function readCookie(exchange: HttpExchange, name: string): string | null {
  for (const part of (exchange.header('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}

function cookie(value: string, maxAge: number, secure: boolean): string {
  return `${name}=${value}; Path=/auth; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure ? '; Secure' : ''}`;
}
