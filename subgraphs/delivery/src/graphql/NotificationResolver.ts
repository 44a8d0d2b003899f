import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { Channels } from '../domain/channels/Channels.js';
import { Notification, NotificationChannel, toChannel } from './NotificationChannel.js';

@Resolver(() => Notification)
export class NotificationResolver {
  constructor(private readonly channels: Channels) {}

  @FieldResolver(() => NotificationChannel, {
    nullable: true,
    description: 'By which channel. Null when it is gone, and for those who may not see channels.',
  })
  @Allow('channel.read')
  async channel(@Root() { row }: Notification, @Ctx() context: GraphqlContext): Promise<NotificationChannel | null> {
    const found = await this.channels.load(context, row.channelId);
    return found && toChannel(found);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The beginning of what was answered, or why nothing was. Null: nothing was said, or you may not see channels.',
  })
  @Allow('channel.read')
  answer(@Root() { row }: Notification): string | null {
    return row.answer;
  }
}
