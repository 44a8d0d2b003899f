import { runAsProcess, settingsWithSecrets } from '@tributary/kernel';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { metricsModule } from './metricsModule.js';

await runAsProcess(async () => runSubgraph(metricsModule, readSubgraphConfig(await settingsWithSecrets())));
