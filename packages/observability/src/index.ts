export { logEvent, noteWork } from './eventLine.js';
export type { EventLine, LoggedEvent } from './eventLine.js';
export { createLogger, logLevels } from './logger.js';
export type { Logger, LoggerOptions, LogLevel } from './logger.js';
export {
  collectProcessMetrics,
  counter,
  durationHistogram,
  gauge,
  metricsRegistry,
  metricsSnapshot,
  metricsText,
} from './metrics.js';
export type { MetricsSnapshot, Registry } from './metrics.js';
export { logLevelSetting, logOperationsSetting, tracesSetting } from './settings.js';
export { continueTrace, startTracing, traceHeaders, withSpan, withSpans } from './tracing.js';
export type { Tracing, TracingOptions } from './tracing.js';
