import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { alertSubgraph } from './alert.js';

await runAsProcess(async () => runSubgraph(alertSubgraph(), readSubgraphConfig(await settingsWithSecrets())));
