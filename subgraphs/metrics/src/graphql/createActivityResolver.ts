import { Arg, Ctx, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Database } from '@tributary/data';
import type { EventStreams, MergedEvent } from '@tributary/events';
import { Allow, CursorScalar } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { readActivity, watchActivity } from '../domain/activity.js';
import { ActivityConnection, ActivityEvent, toActivityConnection, toActivityEvent } from './ActivityEvent.js';
import { ActivityKind } from './enums.js';

interface UpdatedArguments {
  readonly kinds?: ActivityKind[] | null;
  readonly after?: string | null;
}

const kindsArgument = {
  nullable: true,
  description: 'What is told of. Null: everything that you may read.',
} as const;

/** A function, because type-graphql hands `subscribe` no instance: the class closes over what it needs. */
export function createActivityResolver(database: Database, streams: EventStreams): object {
  @Resolver(() => ActivityEvent)
  class ActivityResolver {
    @Query(() => ActivityConnection, {
      nullable: true,
      description:
        'What happened in the workspace, newest first: the streams of flows, alerts and traces as one, for as long as they can be replayed. An event shows up half a second after it happened.',
    })
    @Allow('viewer.read')
    async activity(
      @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item, to older ones.' })
      after: string | null,
      @Arg('kinds', () => [ActivityKind], kindsArgument) kinds: ActivityKind[] | null,
      @Ctx() context: GraphqlContext,
    ): Promise<ActivityConnection> {
      const request = { first, after: after ?? null, kinds: kinds ?? null };
      return toActivityConnection(await readActivity(database, context, request));
    }

    @Subscription(() => ActivityEvent, {
      description:
        'What happens in the workspace, each event once and in the order of `activity`. Without `after` first a stream.snapshot; with one that its streams do not hold first a stream.reset, which says of which kinds.',
      subscribe: ({ args, context }: { args: UpdatedArguments; context: GraphqlContext }) =>
        watchActivity(streams, context, args.kinds ?? null, args.after ?? null),
    })
    @Allow('viewer.read')
    activityUpdated(
      @Root() event: MergedEvent,
      @Arg('kinds', () => [ActivityKind], kindsArgument) _kinds: ActivityKind[] | null,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this event, to newer ones.' })
      _after: string | null,
    ): ActivityEvent {
      return toActivityEvent(event);
    }
  }
  return new ActivityResolver();
}
