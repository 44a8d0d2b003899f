import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Keyring, parseKeys } from '@tributary/data/encryption';
import { ConfigError } from '@tributary/kernel';

/** Where embedded mode keeps the keys of encrypted columns, `id:key` with a comma between, the current one first. */
export function encryptionKeysFile(dataDirectory: string): string {
  return join(dataDirectory, 'encryption-keys');
}

/** The keys of the data folder; makes the first one. Every process of the folder takes up a changed file within seconds. */
export function openKeyring(dataDirectory: string): Keyring {
  const file = encryptionKeysFile(dataDirectory);
  if (!existsSync(file)) writeKeys(file, newKey([]));
  try {
    return new Keyring(() => readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(
      `${file} cannot be used: it ${cause instanceof Error ? cause.message : String(cause)}. Put it back from where it was kept.`,
      { cause },
    );
  }
}

/** Puts a new key in front: it seals from now on. Answers its id. */
export function addKey(dataDirectory: string): string {
  const file = encryptionKeysFile(dataDirectory);
  const known = readFileSync(file, 'utf8').trim();
  const made = newKey([...parseKeys(known).byId.keys()]);
  writeKeys(file, `${made},${known}`);
  return made.split(':')[0]!;
}

/** Leaves the current key alone in the file. What another one has sealed cannot be read any more. */
export function dropOldKeys(dataDirectory: string): void {
  const file = encryptionKeysFile(dataDirectory);
  writeKeys(file, readFileSync(file, 'utf8').split(',')[0]!.trim());
}

function newKey(known: readonly string[]): string {
  let number = known.length + 1;
  while (known.includes(`k${number}`)) number += 1;
  return `k${number}:${randomBytes(32).toString('base64url')}`;
}

/** Whole or not at all: a process may be reading it. */
function writeKeys(file: string, keys: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${keys}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}
