import type { HttpExchange } from './HttpExchange.js';

/**
 * Where a request comes from. Behind a proxy that is the last entry of X-Forwarded-For, which the proxy itself has put there;
 * without one that header is the client's own invention and counts for nothing.
 */
export function clientAddress(exchange: HttpExchange, behindProxy: boolean): string {
  const told = behindProxy ? exchange.header('x-forwarded-for')?.split(',').at(-1)?.trim() : '';
  return told || (exchange.request.socket.remoteAddress ?? '');
}
