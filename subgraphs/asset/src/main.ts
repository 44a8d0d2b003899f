import { settingsWithSecrets } from '@tributary/kernel';
import { readSubgraphConfig, runAsProcess, runSubgraph } from '@tributary/server';
import { assetModule } from './assetModule.js';

await runAsProcess(async () => runSubgraph(assetModule, readSubgraphConfig(await settingsWithSecrets())));
