import { randomBytes } from 'node:crypto';
import { Keyring } from '@tributary/data/encryption';

/** Keys for encrypted columns that are worth nothing when the test is over. */
export function testKeyring(): Keyring {
  const keys = `test:${randomBytes(32).toString('base64url')}`;
  return new Keyring(() => keys);
}
