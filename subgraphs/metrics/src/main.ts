import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { metricsSubgraph } from './metrics.js';

await runAsProcess(async () => runSubgraph(metricsSubgraph, readSubgraphConfig(await settingsWithSecrets())));
