import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';

/** What only the workspace subgraph has, which signs access tokens. */
export const workspaceSettings = z.object({
  JWT_PRIVATE_KEY: z
    .string({ error: 'is missing: the Ed25519 key that signs access tokens, PKCS #8 in PEM' })
    .meta({ description: 'signs access tokens: Ed25519, PKCS #8, PEM', secret: true }),
  JWT_ISSUER: z
    .string({ error: 'is missing: who issues the access tokens, such as https://tributary.example' })
    .describe('claim iss of access tokens'),
  JWT_AUDIENCE: z.string().default('tributary').describe('claim aud of access tokens'),
  STORED_OPERATIONS: setting.list().meta({
    description:
      'the gateways’ files of [stored operations](../protocols.md#stored-operations), so that the graph can show them',
    otherwise: 'none are shown',
  }),
});

/** Settings that only the workspace subgraph has, beside those of every subgraph. */
export function readWorkspaceConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(workspaceSettings, env);
  // A PEM in an environment variable often has its line ends written as \n.
  return { ...settings, JWT_PRIVATE_KEY: settings.JWT_PRIVATE_KEY.replaceAll('\\n', '\n') };
}
