import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { GatewaySecrets } from '@tributary/auth';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals what is kept in Redis, which tenants share and which has no row-level security. A value opens under the key that it was sealed for
 * and under no other, so that one which lies in a wrong place is none.
 */
export class ValueSeal {
  private readonly keys: readonly Buffer[];

  constructor({ accepted }: GatewaySecrets) {
    this.keys = accepted.map(({ key }) => Buffer.from(hkdfSync('sha256', key, '', 'tributary cache', 32)));
  }

  seal(key: string, text: string): Buffer {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.keys[0]!, iv).setAAD(Buffer.from(key));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** Null for what was not sealed for this key, or by other secrets. */
  open(key: string, value: Buffer): string | null {
    if (value.length < ivBytes + tagBytes) return null;
    const iv = value.subarray(0, ivBytes);
    const tag = value.subarray(ivBytes, ivBytes + tagBytes);
    for (const secret of this.keys) {
      const decipher = createDecipheriv(algorithm, secret, iv).setAAD(Buffer.from(key)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(value.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        continue;
      }
    }
    return null;
  }
}
