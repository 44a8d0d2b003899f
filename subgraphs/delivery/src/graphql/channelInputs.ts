import { Field, ID, InputType, Int } from 'type-graphql';
import { JsonObjectScalar } from '@tributary/server';
import { ChannelKind } from './enums.js';

const idempotency = {
  nullable: true,
  description: 'The same key with the same input does nothing again for 24 hours. Null: every call counts.',
} as const;

const settings =
  'EMAIL: { to: [addresses] }. SLACK: { channel } with a bot’s token, { url } for another Slack. PAGERDUTY: { url } for another region. WEBHOOK: { url, format: STANDARD or ALERTMANAGER }.';
const secret =
  'SLACK: the URL of an incoming webhook, or a bot’s token. PAGERDUTY: a routing key of Events API v2. WEBHOOK: a key to sign with (whsec_…), or a token that is sent as Bearer. It is not shown again.';

@InputType({ description: 'A way to tell people of alerts.' })
export class ChannelInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @Field(() => ChannelKind, { description: 'What it tells people by.' })
  kind!: ChannelKind;

  @Field(() => JsonObjectScalar, { description: settings })
  settings!: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: `${secret} Null: none.` })
  secret?: string | null;
}

@InputType({ description: 'A new channel.' })
export class CreateChannelInput {
  @Field(() => ChannelInput, { description: 'What it is.' })
  channel!: ChannelInput;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A change of a channel. One that was given up tries again.' })
export class UpdateChannelInput {
  @Field(() => ID, { description: 'The channel.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the change was decided on; another one is RESOURCE_CONFLICT.' })
  version!: number;

  @Field(() => String, { nullable: true, description: '1 to 200 characters. Null: as it is.' })
  name?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true, description: `${settings} Null: as they are.` })
  settings?: Record<string, unknown> | null;

  @Field(() => String, { nullable: true, description: `${secret} Null: as it is.` })
  secret?: string | null;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which channel.' })
export class ChannelActionInput {
  @Field(() => ID, { description: 'The channel.' })
  id!: string;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}
