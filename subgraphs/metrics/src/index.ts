export { metricsSubgraph } from './metrics.js';
