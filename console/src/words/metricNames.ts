/** What people call the figures of agents. */

export const metricNames: Readonly<Record<string, string>> = {
  REQUESTS: 'Runs',
  COST_USD: 'Cost',
  ERRORS: 'Errors',
  ERROR_RATE: 'Error rate',
  LATENCY_P50: 'Latency, median',
  LATENCY_P95: 'Latency, 95 %',
  LATENCY_P99: 'Latency, 99 %',
  INPUT_TOKENS: 'Tokens read',
  OUTPUT_TOKENS: 'Tokens written',
};
