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
export { rebuildFigures } from './domain/rollup/rebuildFigures.js';
export type { RebuiltDay } from './domain/rollup/rebuildDays.js';
export type { RebuiltWholes } from './domain/rollup/rebuildWholes.js';
export { metricsSubgraph } from './metrics.js';
export type { MetricsOptions } from './metrics.js';
