export {
  alertCombines,
  assetMeasures,
  discoveryMeasures,
  flowMeasures,
  webhookMeasures,
  alertInstanceStates,
  alertMetrics,
  alertRefires,
  alertResolvedReasons,
  alertSeverities,
  alertStatuses,
  comparisons,
  noDataPolicies,
  ruleHealthStatuses,
  silenceKinds,
} from './alert.js';
export type {
  AlertCombine,
  FlowMeasure,
  WebhookMeasure,
  AlertInstanceState,
  AlertMetric,
  AssetMeasure,
  DiscoveryMeasure,
  AlertRefire,
  AlertResolvedReason,
  AlertSeverity,
  AlertStatus,
  Comparison,
  NoDataPolicy,
  RuleHealthStatus,
  SilenceKind,
} from './alert.js';
export { assetKinds, assetStatuses, criticalities, dependencyKinds } from './asset.js';
export type { AssetKind, AssetStatus, Criticality, DependencyKind } from './asset.js';
export {
  attemptOutcomes,
  channelKinds,
  deadLetterStates,
  deliveryStatuses,
  notificationKinds,
  webhookFormats,
  webhookOrderings,
  webhookSignings,
} from './delivery.js';
export type {
  AttemptOutcome,
  ChannelKind,
  DeadLetterState,
  DeliveryStatus,
  NotificationKind,
  WebhookFormat,
  WebhookOrdering,
  WebhookSigning,
} from './delivery.js';
export { enumOf } from './enumOf.js';
export {
  discoveryCoverages,
  endedFlowStatuses,
  flowPhaseStatuses,
  flowStatuses,
  mappingStatuses,
  sourceFormats,
} from './flow.js';
export type { DiscoveryCoverage, FlowPhaseStatus, FlowStatus, MappingStatus, SourceFormat } from './flow.js';
export {
  activityKinds,
  alertDimensions,
  traceDimensions,
  buckets,
  costSources,
  metricDimensions,
  metrics,
  timeBases,
  traceKinds,
  traceStatuses,
} from './metrics.js';
export type {
  ActivityKind,
  AlertDimension,
  Bucket,
  CostSource,
  Metric,
  MetricDimension,
  TimeBasis,
  TraceKind,
  TraceStatus,
} from './metrics.js';
export { workspaceStatuses } from './workspace.js';
export type { WorkspaceStatus } from './workspace.js';
export { relativeRangeMs, relativeRanges, resolveRange } from './timeRange.js';
export type { GivenRange, RelativeRange } from './timeRange.js';
