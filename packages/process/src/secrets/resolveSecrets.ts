import { ConfigError } from '@tributary/kernel';
import { SecretError } from './SecretProvider.js';
import type { SecretProvider } from './SecretProvider.js';

/** How a reference begins, and who is asked for it. */
export type SecretProviders = Readonly<Record<string, () => SecretProvider>>;

const reference = /^([a-z]+):([^#\s]+)(?:#(\S+))?$/;
/** Settings that may hold a secret; in others a text like `vault:…` means itself. */
const mayBeSecret = /(SECRET|KEY|KEYS|PASSWORD|TOKEN|URL|KEY_ID)$/;

/**
 * A copy of `env` in which every reference is replaced by the secret that it names: `vault:<mount>/<path>#<field>`,
 * `aws:<secret id>#<field>`, `aws:<secret id>` for a secret that is plain text. Each secret is asked for once. Throws a ConfigError that
 * names every setting whose secret cannot be had, and says why.
 */
export async function resolveSecrets(env: NodeJS.ProcessEnv, providers: SecretProviders): Promise<NodeJS.ProcessEnv> {
  const opened = new Map<string, SecretProvider>();
  const read = new Map<string, Promise<Readonly<Record<string, string>>>>();
  const resolved: NodeJS.ProcessEnv = { ...env };
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    const [, scheme = '', path = '', field = ''] = (mayBeSecret.test(name) && reference.exec(value ?? '')) || [];
    if (!Object.hasOwn(providers, scheme)) continue;
    try {
      if (!opened.has(scheme)) opened.set(scheme, providers[scheme]!());
      const source = `${scheme}:${path}`;
      if (!read.has(source)) read.set(source, opened.get(scheme)!.read(path));
      const fields = await read.get(source)!;
      if (!Object.hasOwn(fields, field))
        throw new SecretError(field ? `there is no field ${field} in it` : 'name a field of it: …#<field>');
      resolved[name] = fields[field]!;
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      problems.push(`  ${name}: ${error.message} (${value})`);
    }
  }
  if (problems.length > 0)
    throw new ConfigError(`Tributary cannot start without these secrets:\n${problems.sort().join('\n')}`);
  return resolved;
}
