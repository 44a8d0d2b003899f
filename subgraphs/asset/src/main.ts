import { runAsProcess, settingsWithSecrets } from '@tributary/kernel';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { assetModule } from './assetModule.js';

await runAsProcess(async () => runSubgraph(assetModule, readSubgraphConfig(await settingsWithSecrets())));
