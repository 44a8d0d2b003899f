import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { Database } from '@tributary/data';
import type { Channels } from '../domain/channels/Channels.js';
import { testChannel } from '../domain/channels/testChannel.js';
import { ChannelActionInput, CreateChannelInput, UpdateChannelInput } from './channelInputs.js';
import {
  CreateChannelPayload,
  DeleteChannelPayload,
  TestChannelPayload,
  UpdateChannelPayload,
} from './channelPayloads.js';
import { NotificationChannel, toChannel } from './NotificationChannel.js';

@Resolver(() => NotificationChannel)
export class ChannelResolver {
  constructor(
    private readonly database: Database,
    private readonly service: Channels,
  ) {}

  @Query(() => [NotificationChannel], {
    nullable: true,
    description: 'The workspace’s channels by name, 20 at most.',
  })
  @Allow('channel.read')
  async channels(@Ctx() context: GraphqlContext): Promise<NotificationChannel[]> {
    return (await this.service.list(context)).map(toChannel);
  }

  @Mutation(() => CreateChannelPayload, { nullable: true, description: 'A new way to tell people of alerts.' })
  @Allow('channel.write')
  async createChannel(
    @Arg('input', () => CreateChannelInput, { description: 'What it is.' }) input: CreateChannelInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateChannelPayload> {
    return { channel: toChannel(await this.service.create(context, input.channel, input)) };
  }

  @Mutation(() => UpdateChannelPayload, { nullable: true, description: 'Changes a channel, and has it try again.' })
  @Allow('channel.write')
  async updateChannel(
    @Arg('input', () => UpdateChannelInput, { description: 'The change.' }) input: UpdateChannelInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateChannelPayload> {
    return { channel: toChannel(await this.service.update(context, input, input)) };
  }

  @Mutation(() => DeleteChannelPayload, {
    nullable: true,
    description: 'Removes a channel. Routes that name it tell one less; what it sent stays known.',
  })
  @Allow('channel.write')
  async deleteChannel(
    @Arg('input', () => ChannelActionInput, { description: 'Which.' }) input: ChannelActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DeleteChannelPayload> {
    return { deletedChannelId: (await this.service.delete(context, input.id, input)).deletedId };
  }

  @Mutation(() => TestChannelPayload, {
    nullable: true,
    description:
      'Sends a test, an alert that is over already, and says what came of it. SERVICE_UNAVAILABLE when that takes longer than 3 seconds.',
  })
  @Allow('channel.write')
  async testChannel(
    @Arg('input', () => ChannelActionInput, { description: 'Which.' }) input: ChannelActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<TestChannelPayload> {
    const { channel, notification } = await testChannel(this.database, this.service, context, input.id, input);
    const { outcome, answer } = notification;
    return { channel: toChannel(channel), outcome, answer };
  }
}
