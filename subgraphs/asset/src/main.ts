import { readSubgraphConfig, runAsProcess, runSubgraph } from '@tributary/server';
import { assetModule } from './assetModule.js';

await runAsProcess(() => runSubgraph(assetModule, readSubgraphConfig()));
