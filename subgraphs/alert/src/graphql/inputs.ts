import { Directive, Field, Float, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import {
  AlertCombine,
  AlertDimension,
  AlertMetric,
  AlertRefire,
  AlertSeverity,
  AlertStatus,
  Comparison,
  NoDataPolicy,
  TimeBasis,
} from './enums.js';

const commentDescription = '1 to 2,000 characters, not all blank. Null leaves what was said before.';
export const keyDescription =
  'The same key with the same input does nothing again for 24 hours. Null: every call counts.';

@InputType({ description: 'Narrows alerts down: an alert must match everything that is given. Null: any.' })
export class AlertFilter {
  @Field(() => [AlertStatus], { nullable: true, description: 'Where they stand.' })
  status?: AlertStatus[] | null;

  @Field(() => AlertSeverity, { nullable: true, description: 'This severity and graver ones.' })
  minSeverity?: AlertSeverity | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of rules that raised them.' })
  ruleId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of flows that they are about.' })
  flowId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of assets that they are about.' })
  assetId?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'With each of these words somewhere in the title, in any letter case. At most 10 words and 200 characters.',
  })
  search?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Last seen at this moment or later.' })
  seenAfter?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Last seen before this moment.' })
  seenBefore?: Date | null;
}

@InputType({ description: 'Narrows updates down by what never changes in an alert’s life. Null: any.' })
export class AlertUpdatesFilter {
  @Field(() => AlertSeverity, { nullable: true, description: 'This severity and graver ones.' })
  minSeverity?: AlertSeverity | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of rules that raised them.' })
  ruleId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of flows that they are about.' })
  flowId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of assets that they are about.' })
  assetId?: string[] | null;
}

@InputType({ description: 'Which traces a rule looks at: those that match every list. Null: any.' })
export class AlertRuleScopeInput {
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

@InputType({ description: 'What a rule looks at beside its first condition.' })
export class AlertConditionInput {
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
  recoveryThreshold?: number | null;

  @Field(() => Int, { description: 'The length of its window, 10 to 2,592,000 seconds.' })
  windowSeconds!: number;
}

@InputType({ description: 'What a rule says.' })
export class AlertRuleInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @Field(() => AlertMetric, { description: 'What it measures.' })
  metric!: AlertMetric;

  @Field(() => Comparison, { description: 'On which side of the threshold it fires.' })
  comparison!: Comparison;

  @Field(() => Float, { description: 'In the unit of the metric; a share is 0 to 1.' })
  threshold!: number;

  @Field(() => Int, { description: 'The length of its window, 10 to 2,592,000 seconds.' })
  windowSeconds!: number;

  @Field(() => AlertDimension, {
    nullable: true,
    description: 'Evaluated for each value. Null: for all traces together.',
  })
  groupBy?: AlertDimension | null;

  @Field(() => AlertRuleScopeInput, { nullable: true, description: 'Which traces it looks at. Null: all.' })
  scope?: AlertRuleScopeInput | null;

  @Field(() => AlertSeverity, { description: 'Of its alerts.' })
  severity!: AlertSeverity;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it is evaluated.' })
  enabled!: boolean;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the value must get behind, once it fires, to count as over: on the normal side of the threshold. Null: the threshold.',
  })
  recoveryThreshold?: number | null;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'How long the condition must hold before the alert fires, 0 to 604,800 seconds.',
  })
  forSeconds!: number;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'How long the condition must be over before the alert ends, 0 to 604,800 seconds.',
  })
  keepFiringSeconds!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds between two evaluations, 10 to 86,400. Null: a twentieth of the window within 10 and 300.',
  })
  everySeconds?: number | null;

  @Field(() => Int, {
    defaultValue: 15,
    description: 'How long an evaluation waits for its data to come in, 0 to 3,600 seconds.',
  })
  delaySeconds!: number;

  @Field(() => TimeBasis, {
    defaultValue: 'ENDED',
    description: 'Which moment of a run decides whether a window holds it.',
  })
  timeBasis!: TimeBasis;

  @Field(() => NoDataPolicy, { defaultValue: 'HOLD', description: 'What becomes of an alert when its data stop.' })
  noData!: NoDataPolicy;

  @Field(() => Int, {
    nullable: true,
    description: 'After how many seconds without data a group is taken for gone. Null: two windows, 600 at least.',
  })
  missingAfterSeconds?: number | null;

  @Field(() => [AlertConditionInput], {
    nullable: true,
    description: 'What it looks at beside its first condition, four at most.',
  })
  also?: AlertConditionInput[] | null;

  @Field(() => AlertCombine, { defaultValue: 'ALL', description: 'How many of its conditions must be met.' })
  combine!: AlertCombine;

  @Field(() => [String], {
    nullable: true,
    description: 'Groups that must have data, 250 at most. Null: those that had some within 24 hours.',
  })
  expect?: string[] | null;

  @Field(() => Int, {
    defaultValue: 600,
    description: 'An alert that ended by itself and fires again within this is the same alert, 0 to 604,800 seconds.',
  })
  reopenSeconds!: number;

  @Field(() => Int, { defaultValue: 1000, description: 'Open alerts that it has at most, 1 to 10,000.' })
  maxAlerts!: number;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'What its alerts carry beside the facts of their condition: 20 names and texts at most.',
  })
  labels?: Record<string, unknown> | null;

  @Field(() => String, { nullable: true, description: 'Where it says what to do: an address.' })
  runbookUrl?: string | null;
}

@InputType({ description: 'A new rule.' })
export class CreateAlertRuleInput {
  @Field(() => AlertRuleInput, { description: 'What it says.' })
  rule!: AlertRuleInput;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({
  description:
    'What changes: an absent field is left; null clears what may be null in a rule, and is refused elsewhere.',
})
export class AlertRulePatch {
  @Field(() => String, { nullable: true, description: '1 to 200 characters.' })
  name?: string | null;

  @Field(() => AlertMetric, { nullable: true, description: 'What it measures.' })
  metric?: AlertMetric | null;

  @Field(() => Comparison, { nullable: true, description: 'On which side of the threshold it fires.' })
  comparison?: Comparison | null;

  @Field(() => Float, { nullable: true, description: 'In the unit of the metric; a share is 0 to 1.' })
  threshold?: number | null;

  @Field(() => Int, { nullable: true, description: 'The length of its window, 10 to 2,592,000 seconds.' })
  windowSeconds?: number | null;

  @Field(() => AlertDimension, {
    nullable: true,
    description: 'Evaluated for each value. Null: for all traces together.',
  })
  groupBy?: AlertDimension | null;

  @Field(() => AlertRuleScopeInput, { nullable: true, description: 'Which traces it looks at, as a whole. Null: all.' })
  scope?: AlertRuleScopeInput | null;

  @Field(() => AlertSeverity, {
    nullable: true,
    description: 'Of its alerts; open ones become graver with it, and never lighter.',
  })
  severity?: AlertSeverity | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is evaluated. Switching it off resolves its open alerts.',
  })
  enabled?: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the value must get behind, once it fires, to count as over: on the normal side of the threshold. Null: the threshold.',
  })
  recoveryThreshold?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long the condition must hold before the alert fires, 0 to 604,800 seconds.',
  })
  forSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long the condition must be over before the alert ends, 0 to 604,800 seconds.',
  })
  keepFiringSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds between two evaluations, 10 to 86,400. Null: a twentieth of the window within 10 and 300.',
  })
  everySeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long an evaluation waits for its data to come in, 0 to 3,600 seconds.',
  })
  delaySeconds?: number | null;

  @Field(() => TimeBasis, { nullable: true, description: 'Which moment of a run decides whether a window holds it.' })
  timeBasis?: TimeBasis | null;

  @Field(() => NoDataPolicy, { nullable: true, description: 'What becomes of an alert when its data stop.' })
  noData?: NoDataPolicy | null;

  @Field(() => Int, {
    nullable: true,
    description: 'After how many seconds without data a group is taken for gone. Null: two windows, 600 at least.',
  })
  missingAfterSeconds?: number | null;

  @Field(() => [AlertConditionInput], {
    nullable: true,
    description: 'What it looks at beside its first condition, four at most.',
  })
  also?: AlertConditionInput[] | null;

  @Field(() => AlertCombine, { nullable: true, description: 'How many of its conditions must be met.' })
  combine?: AlertCombine | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Groups that must have data, 250 at most. Null: those that had some within 24 hours.',
  })
  expect?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'An alert that ended by itself and fires again within this is the same alert, 0 to 604,800 seconds.',
  })
  reopenSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'Open alerts that it has at most, 1 to 10,000.' })
  maxAlerts?: number | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'What its alerts carry beside the facts of their condition: 20 names and texts at most.',
  })
  labels?: Record<string, unknown> | null;

  @Field(() => String, { nullable: true, description: 'Where it says what to do: an address.' })
  runbookUrl?: string | null;
}

@InputType({ description: 'A change of a rule.' })
export class UpdateAlertRuleInput {
  @Field(() => ID, { description: 'The rule’s id.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the change was decided on; another one is RESOURCE_CONFLICT.' })
  version!: number;

  @Field(() => AlertRulePatch, { description: 'What changes.' })
  patch!: AlertRulePatch;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which rule goes.' })
export class DeleteAlertRuleInput {
  @Field(() => ID, { description: 'The rule’s id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which alert somebody has taken up.' })
export class AcknowledgeAlertInput {
  @Field(() => ID, { description: 'The alert’s id.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: commentDescription,
  })
  comment?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when, 30 days ahead at most; then it is given back. Null: until it ends.',
  })
  until?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Who works on it: a member. Null: whoever acknowledges.' })
  ownerId?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Also when somebody has acknowledged it already.' })
  takeOver!: boolean;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which alert is over.' })
export class ResolveAlertInput {
  @Field(() => ID, { description: 'The alert’s id.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: commentDescription,
  })
  comment?: string | null;

  @Field(() => AlertRefire, {
    defaultValue: 'WHEN_CLEARED',
    description: 'When it may fire again.',
  })
  refire!: AlertRefire;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which alert is given back.' })
export class UnacknowledgeAlertInput {
  @Field(() => ID, { description: 'The alert’s id.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: commentDescription,
  })
  comment?: string | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Who works on an alert.' })
export class AssignAlertInput {
  @Field(() => ID, { description: 'The alert’s id.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'A member. Null: nobody in particular.' })
  ownerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: commentDescription,
  })
  comment?: string | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is to be said about an alert.' })
export class CommentOnAlertInput {
  @Field(() => ID, { description: 'The alert’s id.' })
  id!: string;

  @Field(() => String, { description: '1 to 2,000 characters, not all blank.' })
  comment!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which alerts somebody has taken up.' })
export class AcknowledgeAlertsInput {
  @Field(() => [ID], { description: 'The alerts’ ids, 250 at most.' })
  @Directive('@maxItems(count: 250)')
  ids!: string[];

  @Field(() => String, {
    nullable: true,
    description: commentDescription,
  })
  comment?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when, 30 days ahead at most; then it is given back. Null: until it ends.',
  })
  until?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Who works on it: a member. Null: whoever acknowledges.' })
  ownerId?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Also when somebody has acknowledged it already.' })
  takeOver!: boolean;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which alerts are over.' })
export class ResolveAlertsInput {
  @Field(() => [ID], { description: 'The alerts’ ids, 250 at most.' })
  @Directive('@maxItems(count: 250)')
  ids!: string[];

  @Field(() => String, {
    nullable: true,
    description: commentDescription,
  })
  comment?: string | null;

  @Field(() => AlertRefire, {
    defaultValue: 'WHEN_CLEARED',
    description: 'When it may fire again.',
  })
  refire!: AlertRefire;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}
