import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { countedConnectionType, DateTimeScalar, JsonObjectScalar, Node } from '@tributary/server';
import { everySecondsOf, missingAfterSecondsOf } from '../domain/EvaluatedRule.js';
import type { AlertRuleRow } from '../domain/model.js';
import {
  AlertCombine,
  AlertDimension,
  AlertMetric,
  AlertSeverity,
  Comparison,
  NoDataPolicy,
  RuleHealthStatus,
  TimeBasis,
} from './enums.js';

@ObjectType({ description: 'Which traces a rule looks at: those that match every list. Null: any.' })
export class AlertRuleScope {
  @Field(() => [String], { nullable: true, description: 'Names of agents.' })
  agent?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Departments.' })
  department?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Environments.' })
  environment?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Models.' })
  model?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Versions of agents.' })
  version?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of flows.' })
  flowId?: string[] | null;
}

@ObjectType({ description: 'What a rule looks at beside its first condition.' })
export class AlertCondition {
  @Field(() => AlertMetric, { description: 'What it measures.' })
  metric!: AlertMetric;

  @Field(() => Comparison, { description: 'On which side of the threshold it is met.' })
  comparison!: Comparison;

  @Field(() => Float, { description: 'In the unit of the metric; a share is 0 to 1.' })
  threshold!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'What the value must get behind, once the rule fires, to count as over. Null: the threshold.',
  })
  recoveryThreshold!: number | null;

  @Field(() => Int, { description: 'The length of its window, in seconds.' })
  windowSeconds!: number;
}

@ObjectType({ description: 'Whether a rule sees what it should.' })
export class AlertRuleHealth {
  @Field(() => RuleHealthStatus, { description: 'Whether it is evaluated.' })
  status!: RuleHealthStatus;

  @Field(() => String, { nullable: true, description: 'What is wrong. Null when nothing is.' })
  message!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when. Null when nothing is wrong.' })
  since!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The last evaluation that is decided. Null before the first.',
  })
  evaluatedUntil!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long after its time the last evaluation came, in milliseconds. Null before the first.',
  })
  lagMs!: number | null;

  @Field(() => Int, {
    description: 'Groups that meet the condition and have no alert, since the rule has as many as it may have.',
  })
  droppedGroups!: number;

  @Field(() => Float, { description: 'Minutes of data that came too late for what they show to be made up for.' })
  lateIgnored!: number;

  @Field(() => Float, { description: 'Evaluations that were missed for so long that they were not made up for.' })
  skippedTicks!: number;
}

@ObjectType({
  implements: Node,
  description:
    'Conditions over figures, evaluated again and again over windows that end then. While they hold it has one open alert, or one for each group, which ends by itself.',
})
@Directive('@key(fields: "id")')
export class AlertRule extends Node {
  @Field(() => String, { description: 'What people call it; the title of its alerts.' })
  name!: string;

  @Field(() => AlertMetric, { description: 'What it measures.' })
  metric!: AlertMetric;

  @Field(() => Comparison, { description: 'On which side of the threshold it fires.' })
  comparison!: Comparison;

  @Field(() => Float, { description: 'In the unit of the metric; a share is 0 to 1.' })
  threshold!: number;

  @Field(() => Int, { description: 'The length of its window, in seconds.' })
  windowSeconds!: number;

  @Field(() => AlertDimension, {
    nullable: true,
    description: 'Evaluated for each value. Null: for all traces together.',
  })
  groupBy!: AlertDimension | null;

  @Field(() => AlertRuleScope, { nullable: true, description: 'Which traces it looks at. Null: all.' })
  scope!: AlertRuleScope | null;

  @Field(() => AlertSeverity, { description: 'Of its alerts; open ones become graver with it, and never lighter.' })
  severity!: AlertSeverity;

  @Field(() => Boolean, { description: 'Whether it is evaluated. Switching it off resolves its open alerts.' })
  enabled!: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'What the value must get behind, once it fires, to count as over. Null: the threshold.',
  })
  recoveryThreshold!: number | null;

  @Field(() => Int, { description: 'How long the condition must hold before the alert fires, in seconds.' })
  forSeconds!: number;

  @Field(() => Int, { description: 'How long the condition must be over before the alert ends, in seconds.' })
  keepFiringSeconds!: number;

  @Field(() => Int, { description: 'Seconds between two evaluations.' })
  everySeconds!: number;

  @Field(() => Int, { description: 'How long an evaluation waits for its data to come in, in seconds.' })
  delaySeconds!: number;

  @Field(() => TimeBasis, { description: 'Which moment of a run decides whether a window holds it.' })
  timeBasis!: TimeBasis;

  @Field(() => NoDataPolicy, { description: 'What becomes of an alert when its data stop.' })
  noData!: NoDataPolicy;

  @Field(() => Int, {
    description: 'After how many seconds without data a group is taken for gone and its alert ends.',
  })
  missingAfterSeconds!: number;

  @Field(() => [AlertCondition], { description: 'What it looks at beside its first condition, four at most.' })
  also!: AlertCondition[];

  @Field(() => AlertCombine, { description: 'How many of its conditions must be met.' })
  combine!: AlertCombine;

  @Field(() => [String], { description: 'Groups that must have data. Empty: those that had some within 24 hours.' })
  expect!: string[];

  @Field(() => Int, {
    description: 'An alert that ended by itself and fires again within this is the same alert. In seconds.',
  })
  reopenSeconds!: number;

  @Field(() => Int, {
    description:
      'Open alerts that it has at most: of more groups the worst, and one alert that says how many are left out.',
  })
  maxAlerts!: number;

  @Field(() => JsonObjectScalar, { description: 'What its alerts carry beside the facts of their condition.' })
  labels!: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: 'Where it says what to do. Null: nowhere.' })
  runbookUrl!: string | null;

  @Field(() => AlertRuleHealth, { description: 'Whether it sees what it should.' })
  health!: AlertRuleHealth;

  @Field(() => Int, { description: 'Counts its changes; a change must name the one that it was decided on.' })
  version!: number;

  row!: AlertRuleRow;
}

export const AlertRuleConnection = countedConnectionType(() => AlertRule, 'AlertRule');

export function toAlertRule(row: AlertRuleRow): AlertRule {
  return Object.assign(new AlertRule(), {
    id: encodeId('rule', row.id),
    name: row.name,
    metric: row.metric,
    comparison: row.comparison,
    threshold: row.threshold,
    windowSeconds: row.windowSeconds,
    groupBy: row.groupBy,
    scope: row.scope && Object.assign(new AlertRuleScope(), row.scope),
    severity: row.severity,
    enabled: row.enabled,
    recoveryThreshold: row.recoveryThreshold,
    forSeconds: row.forSeconds,
    keepFiringSeconds: row.keepFiringSeconds,
    everySeconds: everySecondsOf(row),
    delaySeconds: row.delaySeconds,
    timeBasis: row.timeBasis,
    noData: row.noData,
    missingAfterSeconds: missingAfterSecondsOf(row),
    also: row.also.map((condition) => Object.assign(new AlertCondition(), condition)),
    combine: row.combine,
    expect: row.expect,
    reopenSeconds: row.reopenSeconds,
    maxAlerts: row.maxAlerts,
    labels: row.labels,
    runbookUrl: row.runbookUrl,
    health: toHealth(row),
    version: row.version,
    row,
  });
}

function toHealth(row: AlertRuleRow): AlertRuleHealth {
  return Object.assign(new AlertRuleHealth(), {
    status: row.enabled ? row.health : 'OFF',
    message: row.enabled ? row.healthMessage : null,
    since: row.enabled ? row.healthSince : null,
    evaluatedUntil: row.evaluatedUntil,
    lagMs: row.lagMs,
    droppedGroups: row.droppedGroups,
    lateIgnored: row.lateIgnored,
    skippedTicks: row.skippedTicks,
  });
}
