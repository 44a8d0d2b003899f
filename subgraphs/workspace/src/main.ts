import { createAccessTokenIssuer } from '@tributary/auth';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import type { Database } from '@tributary/data';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { readWorkspaceConfig } from './config.js';
import { operationsInFiles } from './domain/StoredOperationList.js';
import { hasDemoAccounts } from './storage/identityStatements.js';
import { workspaceSubgraph } from './workspace.js';

await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const config = readWorkspaceConfig(env);
  const { JWT_PRIVATE_KEY: privateKeyPem, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  const accessTokens = createAccessTokenIssuer({ privateKeyPem, issuer, audience });
  const storedOperations = () => operationsInFiles(config.STORED_OPERATIONS);
  await runSubgraph(workspaceSubgraph({ accessTokens, storedOperations }), readSubgraphConfig(env), {
    check: refuseDemoAccounts,
  });
});

async function refuseDemoAccounts(database: Database): Promise<void> {
  if (!(await hasDemoAccounts(database))) return;
  throw new ConfigError(
    'This database holds the demo people of embedded mode, whose password everybody knows. Give cluster mode a database of its own.',
  );
}
