import { randomBytes } from 'node:crypto';
import { generateSigningKey, publicKeyPemOf } from '@tributary/auth';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';

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

/** The parts of a cluster: each is a process of its own. */
export type ClusterPart = SubgraphName | 'worker' | 'gateway';

/**
 * What a part on this machine is told of the cluster: the secrets that are its to know, and where (`http://…`) it reaches the
 * subgraphs. Where its data is comes beside it.
 */
export function partSettings(
  part: ClusterPart,
  secrets: ClusterSecrets,
  originOf: (subgraph: SubgraphName) => string,
): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    GATEWAY_SECRET: secrets.gatewaySecret,
    JWT_ISSUER: secrets.issuer,
    JWT_AUDIENCE: secrets.audience,
    ...Object.fromEntries(subgraphNames.map((name) => [`SUBGRAPH_${name.toUpperCase()}_URL`, originOf(name)])),
    ...ownSettings(part, secrets),
  };
}

function ownSettings(part: ClusterPart, secrets: ClusterSecrets): Record<string, string> {
  switch (part) {
    case 'workspace':
      return { JWT_PRIVATE_KEY: secrets.signingKey };
    case 'flow':
      return { ENCRYPTION_KEYS: secrets.encryptionKeys };
    case 'worker':
      return { ENCRYPTION_KEYS: secrets.encryptionKeys, AUDIT_SIGNING_KEY: secrets.auditSigningKey };
    case 'gateway':
      return { JWT_PUBLIC_KEY: publicKeyPemOf(secrets.signingKey), SECURE_COOKIES: 'false' };
    default:
      return {};
  }
}
