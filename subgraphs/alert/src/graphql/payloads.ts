import { Field, ID, ObjectType } from 'type-graphql';
import { Alert } from './Alert.js';
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
