import { readSubgraphConfig, runAsProcess, runSubgraph } from '@tributary/server';
import { metricsModule } from './metricsModule.js';

await runAsProcess(() => runSubgraph(metricsModule, readSubgraphConfig()));
