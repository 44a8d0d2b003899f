import { Field, Float, Int, ObjectType } from 'type-graphql';
import { JsonObjectScalar } from '@tributary/server';

@ObjectType({ description: 'A request that a webhook would have made.' })
export class WebhookRequest {
  @Field(() => JsonObjectScalar, {
    description: 'Its headers. webhook-signature says only which signatures there would be: nothing has a secret yet.',
  })
  headers!: Record<string, unknown>;

  @Field(() => String, {
    description: 'Its body, as it would be sent; webhookId, and webhook-id, are of no webhook yet.',
  })
  body!: string;

  @Field(() => Float, { description: 'Number of its last event.' })
  sequence!: number;
}

@ObjectType({ description: 'What a webhook would have sent.' })
export class WebhookPreview {
  @Field(() => [WebhookRequest], {
    description: 'The requests, oldest first; fewer events where few of the newest pass the filter.',
  })
  requests!: WebhookRequest[];

  @Field(() => Int, { description: 'What one event costs, 1,000 at most.' })
  cost!: number;

  @Field(() => String, { description: 'The field of Subscription, such as alertUpdates.' })
  stream!: string;
}
