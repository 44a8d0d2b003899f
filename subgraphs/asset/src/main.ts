import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { assetSubgraph } from './asset.js';

await runAsProcess(async () => runSubgraph(assetSubgraph, readSubgraphConfig(await settingsWithSecrets())));
