import { label } from './format';
import { say } from './say';

/** What people call the figures of agents. */
export const metricNames = {
  REQUESTS: 'Runs',
  COST_USD: 'Cost',
  ERRORS: 'Errors',
  ERROR_RATE: 'Error rate',
  LATENCY_P50: 'Latency p50',
  LATENCY_P95: 'Latency p95',
  LATENCY_P99: 'Latency p99',
  INPUT_TOKENS: 'Tokens read',
  OUTPUT_TOKENS: 'Tokens written',
} as const;

/** What rules can measure beside them. */
const measureNames = {
  CHANGE_SHARE: 'Change of runs',
  FLOWS_FAILED: 'Failed flows',
  FLOW_RUNNING_SECONDS: 'Longest run of a flow',
  FLOW_WAITING_SECONDS: 'Longest wait for approval',
  SECONDS_SINCE_FLOW_SUCCEEDED: 'Time since a flow succeeded',
  ASSETS_NEW: 'New assets',
  ASSETS_UNMAPPED: 'Assets without dependency and owner',
  ASSETS_MISSING: 'Discoveries in a row without an asset',
  ASSETS_CHANGED_SHARE: 'Share of changed assets',
  WEBHOOK_FAILING_SECONDS: 'Longest failure of a webhook',
  WEBHOOK_LAG_EVENTS: 'Events that a webhook is behind',
} as const;

/** The name of a figure; of one that is new here, the graph's own in plain letters. */
export function metricName(metric: string): string {
  if (metric in metricNames) return say(metricNames[metric as keyof typeof metricNames]);
  return metric in measureNames ? say(measureNames[metric as keyof typeof measureNames]) : label(metric);
}
