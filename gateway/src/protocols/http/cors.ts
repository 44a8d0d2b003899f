import type { HttpExchange } from './HttpExchange.js';

const allowedMethods = 'GET, POST';
const allowedHeaders =
  'authorization, content-type, x-api-key, x-request-id, x-tributary-ingest, last-event-id, apollo-require-preflight, traceparent';

/** Whether a page of this origin may call: the gateway's own origin, or one of the configured ones. No Origin: no browser page. */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

/**
 * Tells browsers which other sites' pages may read answers. True when the exchange was a preflight and is answered. A page
 * of a site that is not configured gets no header, and its browser keeps the answer from it.
 */
export function applyCors(exchange: HttpExchange, allowed: readonly string[]): boolean {
  const { request, response } = exchange;
  const origin = request.headers.origin;
  response.setHeader('vary', 'Origin, Accept');
  const isPreflight =
    request.method === 'OPTIONS' &&
    origin !== undefined &&
    request.headers['access-control-request-method'] !== undefined;
  if (origin !== undefined && allowed.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-expose-headers', 'x-request-id, ratelimit, ratelimit-policy, retry-after');
    if (isPreflight) {
      response.setHeader('access-control-allow-methods', allowedMethods);
      response.setHeader('access-control-allow-headers', allowedHeaders);
      response.setHeader('access-control-max-age', '600');
    }
  }
  if (!isPreflight) return false;
  response.writeHead(204).end();
  return true;
}
