import { Arg, Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { NotificationsSent } from '../domain/channels/NotificationsSent.js';
import { NotificationConnection, toNotification } from './NotificationChannel.js';
import type { Notification } from './NotificationChannel.js';

/** The alert subgraph's entity; this subgraph adds what was sent for it. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Alert {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => Alert)
export class AlertNotificationsResolver {
  constructor(private readonly sent: NotificationsSent) {}

  @FieldResolver(() => NotificationConnection, {
    nullable: true,
    description: 'What people were told of this alert, newest first, in the last 90 days.',
  })
  @Allow('alert.read')
  async notifications(
    @Root() { id }: Alert,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<Notification>> {
    return toConnection(await this.sent.ofAlert(context, id, { first, after: after ?? null }), toNotification);
  }
}
