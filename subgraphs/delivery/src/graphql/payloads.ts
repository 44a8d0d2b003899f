import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Webhook, WebhookAttempt, WebhookReplay } from './Webhook.js';

const secret = {
  nullable: true,
  description: 'What its messages are signed with, whsec_…: shown this once. Null in a replay, and with ASYMMETRIC.',
} as const;

@ObjectType({ description: 'The new webhook.' })
export class CreateWebhookPayload {
  @Field(() => Webhook, { description: 'The webhook as it stands.' })
  webhook!: Webhook;

  @Field(() => String, secret)
  secret!: string | null;
}

@ObjectType({ description: 'The changed webhook.' })
export class UpdateWebhookPayload {
  @Field(() => Webhook, { description: 'The webhook as it stands.' })
  webhook!: Webhook;
}

@ObjectType({ description: 'Which webhook is gone.' })
export class DeleteWebhookPayload {
  @Field(() => ID, { description: 'The id that it had.' })
  deletedWebhookId!: string;
}

@ObjectType({ description: 'The webhook after what was done to it.' })
export class WebhookActionPayload {
  @Field(() => Webhook, { description: 'The webhook as it stands.' })
  webhook!: Webhook;
}

@ObjectType({ description: 'A webhook with another secret.' })
export class RollWebhookSecretPayload {
  @Field(() => Webhook, { description: 'The webhook as it stands.' })
  webhook!: Webhook;

  @Field(() => String, secret)
  secret!: string | null;
}

@ObjectType({ description: 'What came of a test.' })
export class TestWebhookPayload {
  @Field(() => Webhook, { description: 'The webhook as it stands.' })
  webhook!: Webhook;

  @Field(() => WebhookAttempt, { description: 'The request.' })
  attempt!: WebhookAttempt;
}

@ObjectType({ description: 'What is sent again.' })
export class ReplayWebhookPayload {
  @Field(() => Webhook, { description: 'The webhook as it stands.' })
  webhook!: Webhook;

  @Field(() => WebhookReplay, {
    nullable: true,
    description: 'The replay. Null with dryRun, and when there is nothing to send.',
  })
  replay!: WebhookReplay | null;

  @Field(() => Float, { description: 'Events in its range; the webhook’s filter lets some of them out.' })
  events!: number;
}

@ObjectType({ description: 'What was given up.' })
export class DiscardDeadLettersPayload {
  @Field(() => Int, { description: 'How many: those that waited.' })
  discarded!: number;
}
