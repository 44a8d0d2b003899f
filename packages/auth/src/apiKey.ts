import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { CodedError } from '@tributary/contracts/errors';

/** What every key begins with, and no access token. */
export const apiKeyPrefix = 'trib_';

/**
 * A key reads `trib_<keyId>_<secret><checksum>`: 12 random base62 characters that may be shown, 43 that encode 32 random
 * bytes, and 6 that are the CRC-32 of all before, so that a typing error (or a scanner's false find) needs no database.
 * Only the SHA-256 of the whole text is stored: the secret has 256 bits, so a slow hash would add nothing.
 */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const pattern = /^(trib_([0-9A-Za-z]{12})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

export interface NewApiKey {
  /** The whole key. Shown once, never stored. */
  readonly secret: string;
  /** The part that names the key in lookups. */
  readonly keyId: string;
  /** What may be shown: `trib_<keyId>`. */
  readonly prefix: string;
  /** SHA-256 of the whole key, 32 bytes. */
  readonly hash: Buffer;
}

export interface ParsedApiKey {
  readonly keyId: string;
  readonly hash: Buffer;
}

/** A new key, or with `keyId` another secret for one that exists. */
export function createApiKey(keyId = randomText(12)): NewApiKey {
  const body = `trib_${keyId}_${base62(randomBytes(32), 43)}`;
  const secret = body + checksum(body);
  return { secret, keyId, prefix: `trib_${keyId}`, hash: sha256(secret) };
}

/** Throws INVALID_API_KEY for text that is not a key of ours. Says nothing about whether the key exists. */
export function parseApiKey(text: string): ParsedApiKey {
  const match = pattern.exec(text);
  if (!match || checksum(match[1]!) !== match[3]) {
    throw new CodedError(
      'INVALID_API_KEY',
      'This is not an API key of Tributary, or a character of it is wrong or missing.',
    );
  }
  return { keyId: match[2]!, hash: sha256(text) };
}

/** Compares two hashes in constant time. */
export function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base62(bytes, 6);
}

function base62(bytes: Uint8Array, width: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = digits[Number(value % 62n)]! + text;
    value /= 62n;
  }
  return text.padStart(width, '0');
}

function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 below 256: above it some digits would be likelier than others.
      if (byte < 248 && text.length < length) text += digits[byte % 62];
    }
  }
  return text;
}
