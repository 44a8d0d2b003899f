import { Field, ID, ObjectType } from 'type-graphql';
import { Alert } from './Alert.js';
import { AlertHistoryEntry } from './AlertHistory.js';
import { AlertRule } from './AlertRule.js';

@ObjectType({ description: 'The rule that was created.' })
export class CreateAlertRulePayload {
  @Field(() => AlertRule, { description: 'The new rule.' })
  rule!: AlertRule;
}

@ObjectType({ description: 'The rule as it is now.' })
export class UpdateAlertRulePayload {
  @Field(() => AlertRule, { description: 'The changed rule.' })
  rule!: AlertRule;
}

@ObjectType({ description: 'The rule is gone; its open alerts are resolved.' })
export class DeleteAlertRulePayload {
  @Field(() => ID, { description: 'The id that it had.' })
  deletedAlertRuleId!: string;
}

@ObjectType({ description: 'The alert, taken up.' })
export class AcknowledgeAlertPayload {
  @Field(() => Alert, { description: 'The alert as it is now.' })
  alert!: Alert;
}

@ObjectType({ description: 'The alert, resolved.' })
export class ResolveAlertPayload {
  @Field(() => Alert, { description: 'The alert as it is now.' })
  alert!: Alert;
}

@ObjectType({ description: 'The alert, given back.' })
export class UnacknowledgeAlertPayload {
  @Field(() => Alert, { description: 'The alert as it is now.' })
  alert!: Alert;
}

@ObjectType({ description: 'The alert with the person who works on it.' })
export class AssignAlertPayload {
  @Field(() => Alert, { description: 'The alert as it is now.' })
  alert!: Alert;
}

@ObjectType({ description: 'What was said about an alert.' })
export class CommentOnAlertPayload {
  @Field(() => Alert, { description: 'The alert as it is now.' })
  alert!: Alert;

  @Field(() => AlertHistoryEntry, { description: 'What was said.' })
  entry!: AlertHistoryEntry;
}

@ObjectType({ description: 'An alert that stays as it was.' })
export class RefusedAlert {
  @Field(() => ID, { description: 'The alert’s id, as it was given.' })
  id!: string;

  @Field(() => String, { description: 'The code of the error that it would be alone.' })
  code!: string;

  @Field(() => String, {
    description: 'Why, for programs: ALREADY_ACKNOWLEDGED, ALREADY_RESOLVED; else the code again.',
  })
  reason!: string;

  @Field(() => String, { description: 'Why, for people.' })
  message!: string;
}

@ObjectType({ description: 'Each alert by itself: those that were taken up, and those that could not be.' })
export class AcknowledgeAlertsPayload {
  @Field(() => [Alert], { description: 'Those that were taken up, as they are now.' })
  alerts!: Alert[];

  @Field(() => [RefusedAlert], { description: 'Those that could not be, and why.' })
  refused!: RefusedAlert[];
}

@ObjectType({ description: 'Each alert by itself: those that were resolved, and those that could not be.' })
export class ResolveAlertsPayload {
  @Field(() => [Alert], { description: 'Those that were resolved, as they are now.' })
  alerts!: Alert[];

  @Field(() => [RefusedAlert], { description: 'Those that could not be, and why.' })
  refused!: RefusedAlert[];
}
