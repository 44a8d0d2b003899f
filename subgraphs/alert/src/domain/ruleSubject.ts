import {
  assetMeasures,
  discoveryMeasures,
  flowMeasures,
  metrics,
  traceDimensions,
  webhookMeasures,
} from '@tributary/contracts/values';
import type {
  AlertDimension,
  AlertMetric,
  AssetMeasure,
  DiscoveryMeasure,
  FlowMeasure,
  Metric,
  WebhookMeasure,
} from '@tributary/contracts/values';

/** What a rule looks at: one alone, since each has groups of its own. */
export type RuleSubject = 'RUNS' | 'FLOWS' | 'ASSETS' | 'WEBHOOKS';

export function subjectOf(metric: AlertMetric): RuleSubject {
  if (isOfFlows(metric)) return 'FLOWS';
  if (isOfWebhooks(metric)) return 'WEBHOOKS';
  return isOfAssets(metric) || isOfDiscoveries(metric) ? 'ASSETS' : 'RUNS';
}

export function isOfAssets(metric: AlertMetric): metric is AssetMeasure {
  return (assetMeasures as readonly AlertMetric[]).includes(metric);
}

export function isOfDiscoveries(metric: AlertMetric): metric is DiscoveryMeasure {
  return (discoveryMeasures as readonly AlertMetric[]).includes(metric);
}

/** Whether the metrics subgraph answers it as it is. */
export function isFigureOfRuns(metric: AlertMetric): metric is Metric {
  return (metrics as readonly AlertMetric[]).includes(metric);
}

export type TraceDimension = (typeof traceDimensions)[number];

export function isOfTraces(groupBy: AlertDimension | null): groupBy is TraceDimension | null {
  return groupBy === null || (traceDimensions as readonly AlertDimension[]).includes(groupBy);
}

/** Whether it is measured of flows, and not of agents' runs. */
export function isOfFlows(metric: AlertMetric): metric is FlowMeasure {
  return (flowMeasures as readonly AlertMetric[]).includes(metric);
}

export function isOfWebhooks(metric: AlertMetric): metric is WebhookMeasure {
  return (webhookMeasures as readonly AlertMetric[]).includes(metric);
}
