import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { AlertDimension, AlertMetric, AlertSeverity, AlertStatus, Comparison } from './enums.js';

const keyDescription = 'The same key with the same input does nothing again for 24 hours. Null: every call counts.';

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
}

@InputType({ description: 'A new rule.' })
export class CreateAlertRuleInput {
  @Field(() => AlertRuleInput, { description: 'What it says.' })
  rule!: AlertRuleInput;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({
  description: 'What changes: an absent field is left, null clears groupBy and scope and is refused elsewhere.',
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

  @Field(() => AlertSeverity, { nullable: true, description: 'Of the alerts that it raises from now on.' })
  severity?: AlertSeverity | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is evaluated. Switching it off resolves its open alerts.',
  })
  enabled?: boolean | null;
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

  @Field(() => String, { nullable: true, description: '2,000 characters at most. Null leaves what was said before.' })
  comment?: string | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which alert is over.' })
export class ResolveAlertInput {
  @Field(() => ID, { description: 'The alert’s id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: '2,000 characters at most. Null leaves what was said before.' })
  comment?: string | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}
