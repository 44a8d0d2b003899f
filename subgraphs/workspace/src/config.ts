import { z } from 'zod';
import { readConfig } from '@tributary/kernel';

const schema = z.object({
  JWT_PRIVATE_KEY: z.string({ error: 'is missing: the Ed25519 key that signs access tokens, PKCS #8 in PEM' }),
  JWT_ISSUER: z.string({ error: 'is missing: who issues the access tokens, such as https://tributary.example' }),
  JWT_AUDIENCE: z.string().default('tributary'),
});

/** Settings that only the workspace subgraph has, beside those of every subgraph. */
export function readWorkspaceConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(schema, env);
  // A PEM in an environment variable often has its line ends written as \n.
  return { ...settings, JWT_PRIVATE_KEY: settings.JWT_PRIVATE_KEY.replaceAll('\\n', '\n') };
}
