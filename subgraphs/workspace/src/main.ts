import { createAccessTokenIssuer } from '@tributary/auth';
import { ConfigError, runAsProcess, settingsWithSecrets } from '@tributary/kernel';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { readWorkspaceConfig } from './config.js';
import { hasDemoAccounts } from './storage/identityLookups.js';
import { workspaceSubgraph } from './workspaceSubgraph.js';

await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const { JWT_PRIVATE_KEY, JWT_ISSUER, JWT_AUDIENCE, EVENT_RETENTION_HOURS } = readWorkspaceConfig(env);
  const accessTokens = createAccessTokenIssuer({
    privateKeyPem: JWT_PRIVATE_KEY,
    issuer: JWT_ISSUER,
    audience: JWT_AUDIENCE,
  });
  const module = workspaceSubgraph({ accessTokens, eventRetentionHours: EVENT_RETENTION_HOURS });
  await runSubgraph(
    {
      ...module,
      create: async (deps) => {
        if (await hasDemoAccounts(deps.database)) {
          throw new ConfigError(
            'This database holds the demo people of embedded mode, whose password everybody knows. Give cluster mode a database of its own.',
          );
        }
        return module.create(deps);
      },
    },
    readSubgraphConfig(env),
  );
});
