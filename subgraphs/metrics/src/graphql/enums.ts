import {
  activityKinds,
  enumOf,
  buckets,
  costSources,
  metricDimensions,
  metrics,
  traceKinds,
  traceStatuses,
} from '@tributary/contracts/values';
import { registerEnumType } from 'type-graphql';
import { traceOrders } from '../domain/traceOrders.js';

export const Metric = enumOf(metrics);
export type Metric = keyof typeof Metric;

registerEnumType(Metric, {
  name: 'Metric',
  description: 'What can be measured of agents’ runs.',
  valuesConfig: {
    REQUESTS: { description: 'Number of runs.' },
    ERRORS: { description: 'Number of runs that ended in an error or a timeout.' },
    ERROR_RATE: { description: 'Share of runs that ended in an error or a timeout, 0 to 1.' },
    LATENCY_P50: { description: 'Median duration, in milliseconds.' },
    LATENCY_P95: { description: 'Duration that 95 % of the runs stay within, in milliseconds.' },
    LATENCY_P99: { description: 'Duration that 99 % of the runs stay within, in milliseconds.' },
    COST_USD: { description: 'Cost, in US dollars.' },
    INPUT_TOKENS: { description: 'Tokens that models read.' },
    OUTPUT_TOKENS: { description: 'Tokens that models wrote.' },
  },
});

export const MetricDimension = enumOf(metricDimensions);
export type MetricDimension = keyof typeof MetricDimension;

registerEnumType(MetricDimension, {
  name: 'MetricDimension',
  description: 'What figures can be grouped by. The group of traces without a value has the key null.',
  valuesConfig: {
    AGENT: { description: 'The agent’s name.' },
    DEPARTMENT: { description: 'The department that the run was for.' },
    ENVIRONMENT: { description: 'The environment, such as production.' },
    MODEL: { description: 'The model that was called.' },
    VERSION: { description: 'The agent’s version.' },
    FLOW: { description: 'The flow; keys are flow ids.' },
    OPERATION: { description: 'What the agent did, as sent.' },
    STATUS: { description: 'How the run ended; keys are names of TraceStatus.' },
    PROVIDER: { description: 'Who offers the model, as sent.' },
    KIND: { description: 'What the trace is of; keys are names of TraceKind.' },
  },
});

export const Bucket = enumOf(buckets);
export type Bucket = keyof typeof Bucket;

registerEnumType(Bucket, {
  name: 'Bucket',
  description: 'The length of a point in a series. Buckets begin at whole UTC minutes, hours, days or months.',
  valuesConfig: {
    MINUTE: { description: '60 seconds.' },
    HOUR: { description: '60 minutes.' },
    DAY: { description: 'A UTC day.' },
    MONTH: { description: 'A calendar month in UTC.' },
  },
});

export const TraceStatus = enumOf(traceStatuses);
export type TraceStatus = keyof typeof TraceStatus;

registerEnumType(TraceStatus, {
  name: 'TraceStatus',
  description: 'How an agent’s run ended.',
  valuesConfig: {
    OK: { description: 'It did what it was asked.' },
    ERROR: { description: 'It failed. Counts as an error.' },
    TIMEOUT: { description: 'It ran out of its time. Counts as an error.' },
  },
});

export const TraceKind = enumOf(traceKinds);
export type TraceKind = keyof typeof TraceKind;

registerEnumType(TraceKind, {
  name: 'TraceKind',
  description: 'What a trace is of.',
  valuesConfig: {
    RUN: {
      description:
        'A whole run of an agent. Where its calls of models are sent too, those carry the tokens and the cost.',
    },
    MODEL: { description: 'One call of a model.' },
    TOOL: { description: 'One use of a tool, or one look for documents.' },
    OTHER: { description: 'The sender did not say, or it is something else.' },
  },
});

export const CostSource = enumOf(costSources);
export type CostSource = keyof typeof CostSource;

registerEnumType(CostSource, {
  name: 'CostSource',
  description: 'Where the cost of a trace is from.',
  valuesConfig: {
    SENT: { description: 'Its sender said it.' },
    PRICED: { description: 'It was computed from tokens and a table of prices when the trace was stored.' },
    UNPRICED: { description: 'No price was known: the cost is 0, and may have been more.' },
  },
});

export const ActivityKind = enumOf(activityKinds);
export type ActivityKind = keyof typeof ActivityKind;

registerEnumType(ActivityKind, {
  name: 'ActivityKind',
  description: 'What happened to whom. Each is told to those who may read what it is about, and left out for others.',
  valuesConfig: {
    FLOWS: { description: 'The life of flows, phase by phase. Needs the action flow.read.' },
    ALERTS: { description: 'Alerts that fire, are taken up or end. Needs the action alert.read.' },
    TRACES: { description: 'Traces that came in, one event a minute. Needs the action metrics.read.' },
  },
});

export const TraceOrder = enumOf(traceOrders);
export type TraceOrder = keyof typeof TraceOrder;

registerEnumType(TraceOrder, {
  name: 'TraceOrder',
  description: 'Order of a list of traces. Traces of one place are in the order of their ids, so pages never overlap.',
  valuesConfig: {
    STARTED_DESC: { description: 'Those that began last first.' },
    DURATION_DESC: { description: 'Those that took longest first.' },
    COST_DESC: { description: 'The dearest first.' },
  },
});
