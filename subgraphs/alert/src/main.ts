import { runAsProcess, settingsWithSecrets } from '@tributary/kernel';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { alertModule } from './alertModule.js';

await runAsProcess(async () => runSubgraph(alertModule, readSubgraphConfig(await settingsWithSecrets())));
