import {
  enumOf,
  alertDimensions,
  alertSeverities,
  alertStatuses,
  comparisons,
  metrics,
} from '@tributary/contracts/values';
import { registerEnumType } from 'type-graphql';

export const AlertSeverity = enumOf(alertSeverities);
export type AlertSeverity = keyof typeof AlertSeverity;

registerEnumType(AlertSeverity, {
  name: 'AlertSeverity',
  description: 'How grave it is, in ascending order.',
  valuesConfig: {
    INFO: { description: 'Good to know.' },
    WARNING: { description: 'Needs a look, such as a failed flow that can be retried.' },
    CRITICAL: { description: 'Needs a person now, such as a failed flow that cannot be retried.' },
  },
});

export const AlertStatus = enumOf(alertStatuses);
export type AlertStatus = keyof typeof AlertStatus;

registerEnumType(AlertStatus, {
  name: 'AlertStatus',
  description: 'Where an alert stands. FIRING and ACKNOWLEDGED ones are open.',
  valuesConfig: {
    FIRING: { description: 'It holds, and nobody has taken it up.' },
    ACKNOWLEDGED: { description: 'It holds, and somebody has taken it up.' },
    RESOLVED: { description: 'It is over, by itself or by a person. The same cause raises another alert.' },
  },
});

export const AlertMetric = enumOf(metrics);
export type AlertMetric = keyof typeof AlertMetric;

registerEnumType(AlertMetric, {
  name: 'AlertMetric',
  description: 'What a rule measures over its window.',
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

export const Comparison = enumOf(comparisons);
export type Comparison = keyof typeof Comparison;

registerEnumType(Comparison, {
  name: 'Comparison',
  description: 'On which side of the threshold a rule fires. The threshold itself is normal.',
  valuesConfig: {
    ABOVE: { description: 'Fires while the value is greater.' },
    BELOW: { description: 'Fires while the value is smaller.' },
  },
});

export const AlertDimension = enumOf(alertDimensions);
export type AlertDimension = keyof typeof AlertDimension;

registerEnumType(AlertDimension, {
  name: 'AlertDimension',
  description: 'What a rule can be evaluated by: each value has an alert of its own.',
  valuesConfig: {
    AGENT: { description: 'The agent’s name.' },
    DEPARTMENT: { description: 'The department that the run was for.' },
    ENVIRONMENT: { description: 'The environment, such as production.' },
    MODEL: { description: 'The model that was called.' },
    VERSION: { description: 'The agent’s version.' },
    FLOW: { description: 'The flow; such an alert names its flow.' },
  },
});
