import { randomBytes } from 'node:crypto';
import { generateSigningKey } from '@tributary/auth';

/** What an operator would keep in a secret store. */
export interface ClusterSecrets {
  readonly gatewaySecret: string;
  /** Signs access tokens: Ed25519, PKCS #8, PEM. */
  readonly signingKey: string;
  /** Signs where audit trails end. */
  readonly auditSigningKey: string;
  /** Of encrypted columns. */
  readonly encryptionKeys: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Secrets that are worth nothing when the test is over. */
export function makeClusterSecrets(): ClusterSecrets {
  return {
    gatewaySecret: randomBytes(48).toString('base64url'),
    signingKey: generateSigningKey().privateKeyPem,
    auditSigningKey: generateSigningKey().privateKeyPem,
    encryptionKeys: `k1:${randomBytes(32).toString('base64url')}`,
    issuer: 'tributary-test',
    audience: 'tributary',
  };
}
