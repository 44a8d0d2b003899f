import { openClusterKeyring } from '@tributary/data/encryption';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { readWebhookConfig } from './config.js';
import { deliverySubgraph } from './delivery.js';

await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const keyring = openClusterKeyring(env);
  await runSubgraph(deliverySubgraph({ outgoing: readWebhookConfig(env) }), readSubgraphConfig(env), { keyring });
});
