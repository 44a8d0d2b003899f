/** Values of the public graph's enums of traces and their figures, in the contract's order. */
export const metrics = [
  'REQUESTS',
  'ERRORS',
  'ERROR_RATE',
  'LATENCY_P50',
  'LATENCY_P95',
  'LATENCY_P99',
  'COST_USD',
  'INPUT_TOKENS',
  'OUTPUT_TOKENS',
] as const;
export type Metric = (typeof metrics)[number];

/** What a rule over agents' figures can be evaluated by. */
export const traceDimensions = ['AGENT', 'DEPARTMENT', 'ENVIRONMENT', 'MODEL', 'VERSION', 'FLOW', 'OPERATION'] as const;

/** What an alert rule can be evaluated by. */
export const alertDimensions = [...traceDimensions, 'FLOW_KIND', 'ASSET', 'ASSET_KIND', 'SOURCE', 'WEBHOOK'] as const;
export type AlertDimension = (typeof alertDimensions)[number];

/** What figures can be grouped by. */
export const metricDimensions = [...traceDimensions, 'STATUS', 'PROVIDER', 'KIND'] as const;
export type MetricDimension = (typeof metricDimensions)[number];

export const traceStatuses = ['OK', 'ERROR', 'TIMEOUT'] as const;
export type TraceStatus = (typeof traceStatuses)[number];

/** What a trace is of: a whole run, one call of a model, one use of a tool, or something else. */
export const traceKinds = ['RUN', 'MODEL', 'TOOL', 'OTHER'] as const;
export type TraceKind = (typeof traceKinds)[number];

/** Where a trace’s cost is from: its sender, the price table, or nowhere, since no price is known. */
export const costSources = ['SENT', 'PRICED', 'UNPRICED'] as const;
export type CostSource = (typeof costSources)[number];

/** Lengths of a point in a series, in ascending order. */
export const buckets = ['MINUTE', 'HOUR', 'DAY', 'MONTH'] as const;
export type Bucket = (typeof buckets)[number];

/** Which moment of a trace decides whether a window holds it: when it began, when it ended, or when it came in. */
export const timeBases = ['STARTED', 'ENDED', 'INGESTED'] as const;
export type TimeBasis = (typeof timeBases)[number];

/** What is told of in a workspace's activity. */
export const activityKinds = ['FLOWS', 'ALERTS', 'TRACES'] as const;
export type ActivityKind = (typeof activityKinds)[number];
