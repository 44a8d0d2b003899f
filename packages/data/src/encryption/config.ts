import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';
import { Keyring, parseKeys } from './Keyring.js';

/** The keys of encrypted columns. */
export const encryptionSettings = z.object({
  ENCRYPTION_KEYS: setting
    .parsed((text) => {
      parseKeys(text);
      return text;
    }, 'is missing: the keys of encrypted columns, id:key with a comma between and the current one first, each key from `openssl rand -hex 32`')
    .meta({
      description:
        'keys of encrypted columns: `id:key` with a comma between, each key from `openssl rand -hex 32`; the first encrypts, all decrypt',
      secret: true,
    }),
});

/** The keys of encrypted columns. With ENCRYPTION_KEYS_FILE they may change while the process runs. */
export function openClusterKeyring(env: NodeJS.ProcessEnv = process.env): Keyring {
  return new Keyring(() => readConfig(encryptionSettings, env).ENCRYPTION_KEYS);
}
