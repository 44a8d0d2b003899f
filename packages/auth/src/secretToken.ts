import { createHash, createHmac, randomBytes } from 'node:crypto';

/** An opaque secret that is handed out once and found again by its SHA-256: a refresh token or an invitation. */
export interface SecretToken {
  /** 43 characters of base64url that encode 32 bytes. */
  readonly token: string;
  readonly hash: Buffer;
}

const pattern = /^[A-Za-z0-9_-]{43}$/;

export function createSecretToken(): SecretToken {
  return secretTokenOf(randomBytes(32));
}

/** The SHA-256 to look a token up by; null for text that cannot be one. */
export function hashSecretToken(token: string): Buffer | null {
  return pattern.test(token) ? createHash('sha256').update(token).digest() : null;
}

/**
 * The one successor of a refresh token under a salt. Who sends the same token twice within the grace gets the same
 * successor, though only hashes are stored: neither the old token without the stored salt, nor the database without the
 * old token, gives it away.
 */
export function succeedSecretToken(token: string, salt: Uint8Array): SecretToken {
  return secretTokenOf(createHmac('sha256', token).update('tributary refresh ').update(salt).digest());
}

function secretTokenOf(bytes: Buffer): SecretToken {
  const token = bytes.toString('base64url');
  return { token, hash: createHash('sha256').update(token).digest() };
}
