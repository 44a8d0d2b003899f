import { openClusterKeyring } from '@tributary/data/encryption';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { openClusterUploads } from './config.js';
import { flowSubgraph } from './flow.js';

await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const keyring = openClusterKeyring(env);
  await runSubgraph(flowSubgraph({ uploads: openClusterUploads(env) }), readSubgraphConfig(env), { keyring });
});
