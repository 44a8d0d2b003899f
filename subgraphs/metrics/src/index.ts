export {
  otlpSettings,
  priceSettings,
  readOtlpConfig,
  readPriceBook,
  readRetention,
  readRollup,
  retentionSettings,
  rollupSettings,
} from './config.js';
export { edgesOf } from './domain/retention/retentionEdges.js';
export type { RetentionOptions } from './domain/retention/retentionEdges.js';
export { rebuildDays } from './domain/rollup/rebuildDays.js';
export type { RebuiltDay } from './domain/rollup/rebuildDays.js';
export { metricsSubgraph } from './metrics.js';
export type { MetricsOptions } from './metrics.js';
