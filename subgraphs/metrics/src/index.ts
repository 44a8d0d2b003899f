export { otlpSettings, readOtlpConfig } from './config.js';
export { metricsSubgraph } from './metrics.js';
export type { MetricsOptions } from './metrics.js';
