import { readSubgraphConfig, runAsProcess, runSubgraph } from '@tributary/server';
import { alertModule } from './alertModule.js';

await runAsProcess(() => runSubgraph(alertModule, readSubgraphConfig()));
