export { otlpSettings, priceSettings, readOtlpConfig, readPriceBook } from './config.js';
export { metricsSubgraph } from './metrics.js';
export type { MetricsOptions } from './metrics.js';
