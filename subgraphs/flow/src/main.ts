import { runAsProcess, settingsWithSecrets } from '@tributary/kernel';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { openClusterKeyring, openClusterUploads } from './config.js';
import { flowSubgraph } from './flowSubgraph.js';

await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  await runSubgraph(
    flowSubgraph({ uploads: openClusterUploads(env) }),
    readSubgraphConfig(env),
    openClusterKeyring(env),
  );
});
