import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey } from '@tributary/auth';
import { ConfigError } from '@tributary/kernel';

/** What embedded mode makes up for itself at its first start, and keeps so that sessions outlive a restart. */
export interface EmbeddedSecrets {
  /** Ed25519, PKCS #8, PEM. */
  readonly signingKey: string;
  /** Signs audit checkpoints: Ed25519, PKCS #8, PEM. */
  readonly auditSigningKey: string;
  /** Public keys of checkpoints that came from elsewhere, with a restored backup: PEM, one after the other. */
  readonly earlierAuditKeys?: string;
  readonly passwords: { readonly migrator: string; readonly app: string; readonly worker: string };
}

/** Reads `secrets.json` of the data folder, or makes what is missing, the file readable by its owner only. Throws a ConfigError when it cannot. */
export function loadSecrets(dataDirectory: string): EmbeddedSecrets {
  const file = join(dataDirectory, 'secrets.json');
  try {
    return readOrMake(dataDirectory, file);
  } catch (cause) {
    throw new ConfigError(
      `The data folder ${dataDirectory} cannot be read or written (${(cause as NodeJS.ErrnoException).code ?? 'damaged secrets.json'}). ` +
        'Make it writable for the user that starts Tributary, or name another with TRIBUTARY_DATA.',
      { cause },
    );
  }
}

function readOrMake(dataDirectory: string, file: string): EmbeddedSecrets {
  mkdirSync(dataDirectory, { recursive: true });
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<EmbeddedSecrets>) : {};
  const password = () => randomBytes(24).toString('base64url');
  const secrets: EmbeddedSecrets = {
    signingKey: known.signingKey ?? generateSigningKey().privateKeyPem,
    auditSigningKey: known.auditSigningKey ?? generateSigningKey().privateKeyPem,
    ...(known.earlierAuditKeys ? { earlierAuditKeys: known.earlierAuditKeys } : {}),
    passwords: known.passwords ?? { migrator: password(), app: password(), worker: password() },
  };
  if (Object.keys(secrets).every((name) => name in known)) return secrets;
  writeSecrets(file, secrets);
  return secrets;
}

/** Remembers what checkpoints of a restored backup are checked with. */
export function keepEarlierAuditKeys(dataDirectory: string, keys: string): void {
  writeSecrets(join(dataDirectory, 'secrets.json'), { ...loadSecrets(dataDirectory), earlierAuditKeys: keys });
}

function writeSecrets(file: string, secrets: EmbeddedSecrets): void {
  // A start that is killed here must not leave half a file behind.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(unfinished, file);
}
