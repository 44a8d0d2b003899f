import { publicKeyPemOf } from '@tributary/auth';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import { clusterParts, settingsFor, type ClusterPartName, type Part } from '../../../parts.ts';
import type { ClusterSecrets } from './ClusterSecrets.js';

/** What the register of processes says of a part. */
export function partNamed(name: ClusterPartName): Part {
  return clusterParts.find((part) => part.name === name)!;
}

/**
 * What a part on this machine is told of the cluster: the secrets that are its to know, and where (`http://…`) it reaches the
 * subgraphs. Where its data is comes beside it.
 */
export function partSettings(
  name: ClusterPartName,
  secrets: ClusterSecrets,
  originOf: (part: SubgraphName | 'gateway') => string,
): Record<string, string> {
  return settingsFor(partNamed(name), {
    HOST: '127.0.0.1',
    SECURE_COOKIES: 'false',
    GATEWAY_SECRET: secrets.gatewaySecret,
    JWT_ISSUER: secrets.issuer,
    JWT_AUDIENCE: secrets.audience,
    JWT_PRIVATE_KEY: secrets.signingKey,
    JWT_PUBLIC_KEY: publicKeyPemOf(secrets.signingKey),
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    AUDIT_SIGNING_KEY: secrets.auditSigningKey,
    GATEWAY_URL: originOf('gateway'),
    ...Object.fromEntries(subgraphNames.map((each) => [`SUBGRAPH_${each.toUpperCase()}_URL`, originOf(each)])),
  });
}
