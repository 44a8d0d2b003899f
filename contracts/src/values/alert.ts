import { metrics } from './metrics.js';

/** Values of the public graph's enums of an alert. From the least grave to the gravest. */
export const alertSeverities = ['INFO', 'WARNING', 'CRITICAL'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const alertStatuses = ['FIRING', 'ACKNOWLEDGED', 'RESOLVED'] as const;
export type AlertStatus = (typeof alertStatuses)[number];

export const comparisons = ['ABOVE', 'BELOW'] as const;
export type Comparison = (typeof comparisons)[number];

/** What a rule can measure of flows. */
export const flowMeasures = [
  'FLOWS_FAILED',
  'FLOW_RUNNING_SECONDS',
  'FLOW_WAITING_SECONDS',
  'SECONDS_SINCE_FLOW_SUCCEEDED',
] as const;
export type FlowMeasure = (typeof flowMeasures)[number];

/** What a rule can measure of assets. */
export const assetMeasures = ['ASSETS_NEW', 'ASSETS_UNMAPPED', 'ASSETS_MISSING', 'ASSETS_CHANGED_SHARE'] as const;
export type AssetMeasure = (typeof assetMeasures)[number];

/** What a rule can measure of discoveries. */
export const discoveryMeasures = ['PERSONAL_DATA_FOUND'] as const;
export type DiscoveryMeasure = (typeof discoveryMeasures)[number];

/** What a rule can measure of webhooks. */
export const webhookMeasures = ['WEBHOOK_FAILING_SECONDS', 'WEBHOOK_LAG_EVENTS'] as const;
export type WebhookMeasure = (typeof webhookMeasures)[number];

/** What a rule can measure: figures of runs, by which share runs have changed, how flows, assets and webhooks are doing, and what discoveries find. */
export const alertMetrics = [
  ...metrics,
  'CHANGE_SHARE',
  ...flowMeasures,
  ...assetMeasures,
  ...discoveryMeasures,
  ...webhookMeasures,
] as const;
export type AlertMetric = (typeof alertMetrics)[number];

/** What becomes of an alert when the data behind it stop. */
export const noDataPolicies = ['HOLD', 'RESOLVE', 'FIRE', 'ALERT'] as const;
export type NoDataPolicy = (typeof noDataPolicies)[number];

/** Whether all conditions of a rule must hold, or one of them. */
export const alertCombines = ['ALL', 'ANY'] as const;
export type AlertCombine = (typeof alertCombines)[number];

/** Where a rule stands with one group. */
export const alertInstanceStates = ['OK', 'PENDING', 'FIRING', 'RECOVERING'] as const;
export type AlertInstanceState = (typeof alertInstanceStates)[number];

export const ruleHealthStatuses = ['OK', 'LATE', 'ERROR', 'OFF'] as const;
export type RuleHealthStatus = (typeof ruleHealthStatuses)[number];

/** When a condition that a person has called over may fire again. */
export const alertRefires = ['WHEN_CLEARED', 'IMMEDIATELY'] as const;
export type AlertRefire = (typeof alertRefires)[number];

/** A silence of a person, or work that is planned. */
export const silenceKinds = ['SILENCE', 'MAINTENANCE'] as const;
export type SilenceKind = (typeof silenceKinds)[number];

export const alertResolvedReasons = [
  'BACK_TO_NORMAL',
  'NO_DATA',
  'SERIES_GONE',
  'RULE_CHANGED',
  'RULE_DISABLED',
  'RULE_DELETED',
  'FLOW_SUCCEEDED',
  'FLOW_CANCELLED',
  'RESOLVED_BY_PERSON',
  'SUPERSEDED',
] as const;
export type AlertResolvedReason = (typeof alertResolvedReasons)[number];
