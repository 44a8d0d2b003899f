import { SecretError } from './SecretProvider.js';
import type { SecretProvider } from './SecretProvider.js';

/**
 * AWS Secrets Manager. Region, credentials and endpoint are found by the SDK's own rules (AWS_REGION, a pod's role …). The SDK is loaded
 * when the first secret is asked for, so that a system without such secrets never has it in memory.
 */
export class AwsSecrets implements SecretProvider {
  async read(path: string): Promise<Record<string, string>> {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient({ maxAttempts: 3 });
    let text: string | undefined;
    try {
      text = (await client.send(new GetSecretValueCommand({ SecretId: path }))).SecretString;
    } catch (cause) {
      throw new SecretError(explain(cause), { cause });
    } finally {
      client.destroy();
    }
    if (text === undefined) throw new SecretError('the secret is binary, and a setting is text');
    return { ...fieldsOf(text), '': text };
  }
}

/** A secret is often a JSON object of several. */
function fieldsOf(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, String(inner)]));
  } catch {
    return {};
  }
}

function explain(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'ResourceNotFoundException')
    return 'AWS Secrets Manager has no such secret: check its name and AWS_REGION';
  if (name === 'AccessDeniedException')
    return 'AWS Secrets Manager refuses: the role needs secretsmanager:GetSecretValue';
  if (name === 'CredentialsProviderError') return 'no credentials for AWS were found';
  return `AWS Secrets Manager could not be asked (${name || 'unknown'}): check AWS_REGION and the network`;
}
