import {
  enumOf,
  alertCombines,
  alertDimensions,
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
  timeBases,
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

export const AlertMetric = enumOf(alertMetrics);
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
    FLOWS_FAILED: {
      description: 'Number of flows that failed within the window, and have not been started again since.',
    },
    FLOW_RUNNING_SECONDS: { description: 'How long the flow that has been running longest has been, in seconds.' },
    FLOW_WAITING_SECONDS: {
      description: 'How long the flow that has been waiting for approval longest has been, in seconds.',
    },
    SECONDS_SINCE_FLOW_SUCCEEDED: {
      description: 'Seconds since a flow succeeded. Unknown before the first.',
    },
    ASSETS_NEW: { description: 'Number of assets that were found for the first time within the window.' },
    ASSETS_UNMAPPED: {
      description: 'Number of assets in use that nothing depends on, that depend on nothing and that have no owner.',
    },
    ASSETS_MISSING: {
      description:
        'Complete discoveries in a row that did not show an asset which was known before; of a group, of the one that has been missing longest.',
    },
    ASSETS_CHANGED_SHARE: {
      description:
        'Share of the assets from before the window that were changed within it, by a source or a person, 0 to 1. Unknown without any.',
    },
    PERSONAL_DATA_FOUND: {
      description: 'Number of columns in which discoveries found personal data within the window.',
    },
    WEBHOOK_FAILING_SECONDS: {
      description:
        'How long the receiver of the webhook that has failed longest has not answered, in seconds; also of one that was given up for that. Its preview is for those who may see webhooks.',
    },
    WEBHOOK_LAG_EVENTS: {
      description:
        'How many events of its stream the webhook that is furthest behind has not taken, those that its filter lets out among them. Webhooks that are paused or disabled do not count. Its preview is for those who may see webhooks.',
    },
    CHANGE_SHARE: {
      description:
        'By which share the number of runs has changed against the window before: -0.5 is half as many, 1 twice as many. Unknown without runs before.',
    },
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
    OPERATION: { description: 'What the agent did, as sent.' },
    FLOW_KIND: { description: 'The kind of flow. For rules over flows alone.' },
    WEBHOOK: { description: 'The webhook, by id. For rules over webhooks alone.' },
    ASSET: { description: 'The asset; such an alert names its asset. For rules over assets alone.' },
    ASSET_KIND: { description: 'The kind of asset. For rules over assets alone.' },
    SOURCE: {
      description:
        'The source of a discovery, by name; of an asset, the one that saw it last. For rules over assets alone.',
    },
  },
});

export const TimeBasis = enumOf(timeBases);
export type TimeBasis = keyof typeof TimeBasis;

registerEnumType(TimeBasis, {
  name: 'TimeBasis',
  description: 'Which moment of a run decides whether a window holds it.',
  valuesConfig: {
    STARTED: { description: 'When it began. A run that takes longer than the window is never seen in time.' },
    ENDED: { description: 'When it ended.' },
    INGESTED: { description: 'When it came in. Late data count as news.' },
  },
});

export const NoDataPolicy = enumOf(noDataPolicies);
export type NoDataPolicy = keyof typeof NoDataPolicy;

registerEnumType(NoDataPolicy, {
  name: 'NoDataPolicy',
  description:
    'What becomes of an alert when its data stop. Counts and sums are 0 without data, for groups that had some within 24 hours and those that are expected.',
  valuesConfig: {
    HOLD: { description: 'It stays as it is and says since when there are none. A group that stays away is gone.' },
    RESOLVE: { description: 'It ends, with reason NO_DATA.' },
    FIRE: { description: 'It counts as if the condition were met.' },
    ALERT: { description: 'It stays as it is, and missing data have an alert of their own.' },
  },
});

export const AlertCombine = enumOf(alertCombines);
export type AlertCombine = keyof typeof AlertCombine;

registerEnumType(AlertCombine, {
  name: 'AlertCombine',
  description: 'How many of a rule’s conditions must be met.',
  valuesConfig: { ALL: { description: 'Every one.' }, ANY: { description: 'One of them.' } },
});

export const AlertInstanceState = enumOf(alertInstanceStates);
export type AlertInstanceState = keyof typeof AlertInstanceState;

registerEnumType(AlertInstanceState, {
  name: 'AlertInstanceState',
  description: 'Where a rule stands with one group.',
  valuesConfig: {
    OK: { description: 'The condition is not met.' },
    PENDING: { description: 'It is met, and not yet for as long as the rule asks.' },
    FIRING: { description: 'It is met, and has an alert, unless a person has called that over.' },
    RECOVERING: { description: 'It is over, and not yet for as long as the rule keeps its alert.' },
  },
});

export const RuleHealthStatus = enumOf(ruleHealthStatuses);
export type RuleHealthStatus = keyof typeof RuleHealthStatus;

registerEnumType(RuleHealthStatus, {
  name: 'RuleHealthStatus',
  description: 'Whether a rule sees.',
  valuesConfig: {
    OK: { description: 'It is evaluated in time.' },
    LATE: { description: 'It is evaluated, more than a minute behind.' },
    ERROR: { description: 'It cannot be evaluated. What it misses is made up for later.' },
    OFF: { description: 'It is switched off.' },
  },
});

export const AlertRefire = enumOf(alertRefires);
export type AlertRefire = keyof typeof AlertRefire;

registerEnumType(AlertRefire, {
  name: 'AlertRefire',
  description: 'When an alert that a person has called over may fire again.',
  valuesConfig: {
    WHEN_CLEARED: { description: 'Once its condition was over.' },
    IMMEDIATELY: { description: 'At the next evaluation, if its condition still holds.' },
  },
});

export const SilenceKind = enumOf(silenceKinds);
export type SilenceKind = keyof typeof SilenceKind;

registerEnumType(SilenceKind, {
  name: 'SilenceKind',
  description: 'Why notifications are held.',
  valuesConfig: {
    SILENCE: { description: 'Somebody does not want to be told.' },
    MAINTENANCE: { description: 'Work that is planned: alerts are expected.' },
  },
});

export const AlertResolvedReason = enumOf(alertResolvedReasons);
export type AlertResolvedReason = keyof typeof AlertResolvedReason;

registerEnumType(AlertResolvedReason, {
  name: 'AlertResolvedReason',
  description: 'Why an alert ended.',
  valuesConfig: {
    BACK_TO_NORMAL: { description: 'Its condition is over.' },
    NO_DATA: {
      description: 'Its data stopped, and its rule resolves then. Nobody knows whether the condition is over.',
    },
    SERIES_GONE: { description: 'Its group is not there any more.' },
    RULE_CHANGED: { description: 'Its rule looks at something else since.' },
    RULE_DISABLED: { description: 'Its rule was switched off.' },
    RULE_DELETED: { description: 'Its rule was deleted.' },
    FLOW_SUCCEEDED: { description: 'The flow that had failed succeeded.' },
    FLOW_CANCELLED: { description: 'The flow that had failed was cancelled.' },
    RESOLVED_BY_PERSON: { description: 'A person called it over.' },
    SUPERSEDED: { description: 'Another alert says the same.' },
  },
});
