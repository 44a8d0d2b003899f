import { Field, ID, ObjectType } from 'type-graphql';
import { AttemptOutcome } from './enums.js';
import { NotificationChannel } from './NotificationChannel.js';

const asItStands = { description: 'The channel as it stands.' } as const;

@ObjectType({ description: 'The new channel.' })
export class CreateChannelPayload {
  @Field(() => NotificationChannel, asItStands)
  channel!: NotificationChannel;
}

@ObjectType({ description: 'The changed channel.' })
export class UpdateChannelPayload {
  @Field(() => NotificationChannel, asItStands)
  channel!: NotificationChannel;
}

@ObjectType({ description: 'Which channel is gone.' })
export class DeleteChannelPayload {
  @Field(() => ID, { description: 'The id that it had.' })
  deletedChannelId!: string;
}

@ObjectType({ description: 'What came of a test.' })
export class TestChannelPayload {
  @Field(() => NotificationChannel, asItStands)
  channel!: NotificationChannel;

  @Field(() => AttemptOutcome, { description: 'DELIVERED, or REFUSED.' })
  outcome!: AttemptOutcome;

  @Field(() => String, {
    nullable: true,
    description: 'The beginning of what was answered, or why nothing was. Null: nothing was said.',
  })
  answer!: string | null;
}
