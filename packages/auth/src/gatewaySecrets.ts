import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { setting } from '@tributary/kernel';

export interface GatewaySecret {
  /** Names the secret in a token without telling it: 8 hex characters of its SHA-256. */
  readonly kid: string;
  /** Made once: from raw bytes, each signature would make one of its own. */
  readonly key: KeyObject;
}

/** One or two shared secrets: the first signs, both are accepted, so that a change needs no moment of silence. */
export interface GatewaySecrets {
  readonly signing: GatewaySecret;
  readonly accepted: readonly GatewaySecret[];
}

/**
 * Reads `GATEWAY_SECRET`: one secret, or two with a comma between. Throws an Error that says what is weak: a secret has
 * at least 32 characters, of at least 10 different ones. `openssl rand -hex 32` makes a good one.
 */
export function parseGatewaySecrets(text: string): GatewaySecrets {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length < 1 || parts.length > 2) throw new Error('must hold one secret, or two with a comma between');
  for (const part of parts) {
    if (part.length < 32 || new Set(part).size < 10) {
      throw new Error('is weak: use at least 32 random characters, such as from `openssl rand -hex 32`');
    }
  }
  const accepted = parts.map((part) => ({
    kid: createHash('sha256').update(`tributary kid ${part}`).digest('hex').slice(0, 8),
    key: createSecretKey(Buffer.from(part)),
  }));
  return { signing: accepted[0]!, accepted };
}

/** The setting of whoever signs a context, or checks one. */
export const gatewaySecretSetting = () =>
  setting
    .parsed(
      parseGatewaySecrets,
      'is missing: the secret that gateway and subgraphs share, such as from `openssl rand -hex 32`',
    )
    .meta({
      description:
        'shared by gateway and subgraphs, from `openssl rand -hex 32`; two with a comma between while it changes: the first signs, both are taken',
      secret: true,
    });
