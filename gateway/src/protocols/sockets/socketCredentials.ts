import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../../callers/identity.js';

/** Reads credentials from the payload of connection_init or ping, under the names that clients have for them. */
export function credentialsOfPayload(shown: Record<string, unknown>): Credentials {
  return {
    authorization: textOf(shown, 'authorization', 'Authorization'),
    apiKey: textOf(shown, 'apiKey', 'x-api-key', 'X-API-Key'),
  };
}

/** Reads them from the request that opened the socket. Never from a cookie, which a page of another site would bring along. */
export function credentialsOfUpgrade({ headers }: IncomingMessage): Credentials {
  const apiKey = headers['x-api-key'];
  return { authorization: headers.authorization, apiKey: Array.isArray(apiKey) ? apiKey.join(', ') : apiKey };
}

function textOf(shown: Record<string, unknown>, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = shown[name];
    if (value !== undefined && value !== null) return typeof value === 'string' ? value : '';
  }
  return undefined;
}
