import { createHmac, sign, type KeyObject } from 'node:crypto';

export type Json = Record<string, unknown>;

/** Signs as a header says, with whatever key: what an attacker's own tool does. `secret`: HMAC. Null: no signature. */
export function craftToken(
  header: Json | string,
  payload: Json | string,
  key: { readonly secret: string | Buffer } | KeyObject | null,
): string {
  const text = `${encode(header)}.${encode(payload)}`;
  if (key === null) return `${text}.`;
  return `${text}.${signature(text, header, key).toString('base64url')}`;
}

export function encode(part: Json | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

function signature(text: string, header: Json | string, key: { readonly secret: string | Buffer } | KeyObject): Buffer {
  if ('secret' in key) {
    const algorithm = typeof header !== 'string' && header['alg'] === 'HS512' ? 'sha512' : 'sha256';
    return createHmac(algorithm, key.secret).update(text).digest();
  }
  if (key.asymmetricKeyType === 'ed25519') return sign(null, Buffer.from(text), key);
  if (key.asymmetricKeyType === 'ec') return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return sign('sha256', Buffer.from(text), key);
}
