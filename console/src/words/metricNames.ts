import { label } from './format';
import { say } from './say';

/** What people call the figures of agents. */
export const metricNames = {
  REQUESTS: 'Runs',
  COST_USD: 'Cost',
  ERRORS: 'Errors',
  ERROR_RATE: 'Error rate',
  LATENCY_P50: 'Latency, median',
  LATENCY_P95: 'Latency, 95 %',
  LATENCY_P99: 'Latency, 99 %',
  INPUT_TOKENS: 'Tokens read',
  OUTPUT_TOKENS: 'Tokens written',
} as const;

/** The name of a figure; of one that is new here, the graph's own in plain letters. */
export function metricName(metric: string): string {
  return metric in metricNames ? say(metricNames[metric as keyof typeof metricNames]) : label(metric);
}
