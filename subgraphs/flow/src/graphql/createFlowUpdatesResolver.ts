import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { StreamEvent } from '@tributary/events';
import { Allow, CursorScalar } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { FlowQueries } from '../domain/flow/FlowQueries.js';
import type { WatchFlows } from '../domain/flow/WatchFlows.js';
import { Flow, toFlow } from './Flow.js';
import { FlowEvent, FlowEventConnection, toDeliveredEvent, toStreamedEvents } from './FlowEvent.js';
import { FlowUpdatesFilter } from './inputs.js';

interface FlowProgressArgs {
  readonly flowId: string;
  readonly after?: string | null;
}

interface FlowUpdatesArgs {
  readonly filter?: FlowUpdatesFilter | null;
  readonly after?: string | null;
}

/** type-graphql hands no instance to `subscribe`, so the class is made around the service that it needs. */
export function createFlowUpdatesResolver(watch: WatchFlows, queries: FlowQueries): object {
  @Resolver(() => FlowEvent)
  class FlowUpdatesResolver {
    @Subscription(() => FlowEvent, {
      description:
        'Every event of one flow, in order, exactly once. Without `after`: first a stream.snapshot, then what follows it. A well-formed `after` that this stream does not hold: one stream.reset, then what follows.',
      subscribe: ({ args, context }: { args: FlowProgressArgs; context: GraphqlContext }) =>
        watch.one(context, args.flowId, args.after ?? null),
    })
    @Allow('flow.read')
    flowProgress(
      @Arg('flowId', () => ID, { description: 'The flow.' }) _flowId: string,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this event.' })
      _after: string | null,
      @Root() event: StreamEvent,
      @Ctx() context: GraphqlContext,
    ): FlowEvent {
      return toDeliveredEvent(event, context);
    }

    @Subscription(() => FlowEvent, {
      description:
        'The life of every flow of the workspace that the filter lets through: created, started, phase by phase, ended; progress within a phase is left out. Its own stream, so it has its own sequence and cursors.',
      subscribe: ({ args, context }: { args: FlowUpdatesArgs; context: GraphqlContext }) =>
        watch.all(context, wanted(args.filter), args.after ?? null),
    })
    @Allow('flow.read')
    flowUpdates(
      @Arg('filter', () => FlowUpdatesFilter, { nullable: true, description: 'Which flows. Default all.' })
      _filter: FlowUpdatesFilter | null,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this event.' })
      _after: string | null,
      @Root() event: StreamEvent,
      @Ctx() context: GraphqlContext,
    ): FlowEvent {
      return toDeliveredEvent(event, context);
    }

    @Query(() => FlowEventConnection, {
      nullable: true,
      description:
        'What flowUpdates streams, as a page, oldest first: cursors are good for both. An `after` behind which events are no longer kept gives one stream.reset first; without `after` it begins with the oldest event that is kept.',
    })
    @Allow('flow.read')
    async flowEvents(
      @Arg('filter', () => FlowUpdatesFilter, { nullable: true, description: 'Which flows. Default all.' })
      filter: FlowUpdatesFilter | null,
      @Arg('first', () => Int, { defaultValue: 50, description: 'Events at most, 1 to 100.' }) first: number,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this event.' })
      after: string | null,
      @Ctx() context: GraphqlContext,
    ): Promise<FlowEventConnection> {
      const page = await watch.pageOfAll(context, wanted(filter), { first, after: after ?? null });
      return toStreamedEvents(page, context);
    }

    @Query(() => FlowEventConnection, {
      nullable: true,
      description: 'What flowProgress streams, as a page, oldest first: cursors are good for both.',
    })
    @Allow('flow.read')
    async flowProgressEvents(
      @Arg('flowId', () => ID, { description: 'The flow.' }) flowId: string,
      @Arg('first', () => Int, { defaultValue: 50, description: 'Events at most, 1 to 100.' }) first: number,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this event.' })
      after: string | null,
      @Ctx() context: GraphqlContext,
    ): Promise<FlowEventConnection> {
      const page = await watch.pageOfOne(context, flowId, { first, after: after ?? null });
      return toStreamedEvents(page, context);
    }

    @FieldResolver(() => Flow, {
      nullable: true,
      description:
        'The flow as it is at delivery, which may be newer than the event. Null only on a stream.* event of flowUpdates.',
    })
    async flow(@Root() event: FlowEvent): Promise<Flow | null> {
      const record = event.flowId === null ? null : await queries.byId(event.context, event.flowId);
      return record && toFlow(record, event.context);
    }
  }
  return new FlowUpdatesResolver();
}

function wanted(filter: FlowUpdatesFilter | null | undefined): Parameters<WatchFlows['all']>[1] {
  return { kinds: filter?.kind ?? null, flowIds: filter?.flowId ?? null };
}
