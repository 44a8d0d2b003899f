import { z } from 'zod';
import { readConfig } from '@tributary/kernel';
import { AwsSecrets } from './AwsSecrets.js';
import { resolveSecrets } from './resolveSecrets.js';
import { SecretError } from './SecretProvider.js';
import { VaultSecrets } from './VaultSecrets.js';

/** Where secrets are kept that settings only name. */
export const vaultSettings = z.object({
  VAULT_ADDR: z.string().optional().describe('where Vault is, for settings that say `vault:…`'),
  VAULT_NAMESPACE: z.string().optional().meta({ description: 'of Vault Enterprise', otherwise: 'none' }),
  VAULT_TOKEN: z.string().optional().meta({ description: 'this or a role', secret: true }),
  VAULT_ROLE: z.string().optional().describe('role of Vault’s Kubernetes sign-in'),
  VAULT_KUBERNETES_TOKEN_FILE: z
    .string()
    .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
    .describe('token that signs in with that role'),
});

/** The settings of this process, with every reference to Vault or AWS Secrets Manager replaced by its secret. For `main` alone. */
export function settingsWithSecrets(env: NodeJS.ProcessEnv = process.env): Promise<NodeJS.ProcessEnv> {
  return resolveSecrets(env, { vault: () => openVault(env), aws: () => new AwsSecrets() });
}

function openVault(env: NodeJS.ProcessEnv): VaultSecrets {
  const { VAULT_ADDR, VAULT_NAMESPACE, VAULT_TOKEN, VAULT_ROLE, VAULT_KUBERNETES_TOKEN_FILE } = readConfig(
    vaultSettings,
    env,
  );
  if (!VAULT_ADDR) throw new SecretError('VAULT_ADDR is missing: where Vault is, such as https://vault:8200');
  const auth = VAULT_TOKEN
    ? { token: VAULT_TOKEN }
    : VAULT_ROLE
      ? { role: VAULT_ROLE, tokenFile: VAULT_KUBERNETES_TOKEN_FILE }
      : null;
  if (!auth) throw new SecretError('VAULT_TOKEN is missing, or VAULT_ROLE for a pod of Kubernetes');
  return new VaultSecrets({ address: VAULT_ADDR, namespace: VAULT_NAMESPACE, auth });
}
