import { readSubgraphConfig, runAsProcess, runSubgraph } from '@tributary/server';
import { openClusterKeyring, openClusterUploads } from './config.js';
import { flowSubgraph } from './flowSubgraph.js';

await runAsProcess(() =>
  runSubgraph(flowSubgraph({ uploads: openClusterUploads() }), readSubgraphConfig(), openClusterKeyring()),
);
