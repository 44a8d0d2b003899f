import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { Allow, CursorScalar, toStreamConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { Database } from '@tributary/data';
import type { EventStreams } from '@tributary/events';
import type { Alerts } from '../domain/Alerts.js';
import { pageOfAlertEvents, watchAlerts } from '../domain/watchAlerts.js';
import type { AlertUpdate } from '../domain/watchAlerts.js';
import { Alert, toAlert } from './Alert.js';
import { AlertEvent, AlertEventConnection } from './AlertEvent.js';
import { AlertUpdatesFilter } from './inputs.js';

interface UpdatesArguments {
  readonly filter?: AlertUpdatesFilter | null;
  readonly after?: string | null;
}

/** A function, because type-graphql hands `subscribe` no instance: the class closes over what it needs. */
export function createAlertUpdatesResolver(database: Database, streams: EventStreams, alerts: Alerts): object {
  @Resolver(() => AlertEvent)
  class AlertUpdatesResolver {
    @Subscription(() => AlertEvent, {
      description:
        'What happens to the workspace’s alerts, each event once and in order. Without `after` first a stream.snapshot; with one that this stream does not hold first a stream.reset.',
      subscribe: ({ args, context }: { args: UpdatesArguments; context: GraphqlContext }) =>
        watchAlerts(streams, context, args.filter ?? {}, args.after ?? null),
    })
    @Allow('alert.read')
    alertUpdates(
      @Root() update: AlertUpdate,
      @Arg('filter', () => AlertUpdatesFilter, { nullable: true, description: 'Which alerts. Null: all.' })
      _filter: AlertUpdatesFilter | null,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this position.' })
      _after: string | null,
    ): AlertEvent {
      return toEvent(update);
    }

    @Query(() => AlertEventConnection, {
      nullable: true,
      description:
        'What alertUpdates streams, as a page, oldest first: cursors are good for both. An `after` behind which events are no longer kept gives one stream.reset first; without `after` it begins with the oldest event that is kept.',
    })
    @Allow('alert.read')
    async alertEvents(
      @Arg('filter', () => AlertUpdatesFilter, { nullable: true, description: 'Which alerts. Null: all.' })
      filter: AlertUpdatesFilter | null,
      @Arg('first', () => Int, { defaultValue: 50, description: 'Events at most, 1 to 100.' }) first: number,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this position.' })
      after: string | null,
      @Ctx() context: GraphqlContext,
    ): Promise<ConnectionValue<AlertEvent>> {
      const page = await pageOfAlertEvents(database, context, filter ?? {}, { first, after: after ?? null });
      return toStreamConnection(page, toEvent);
    }

    @FieldResolver(() => Alert, {
      nullable: true,
      description: 'The alert, as of delivery, so it may be newer than the event. Null only on a stream.* event.',
    })
    async alert(@Root() event: AlertEvent, @Ctx() context: GraphqlContext): Promise<Alert | null> {
      const row = event.alertId && (await alerts.load(context, event.alertId));
      return row ? toAlert(row) : null;
    }
  }
  return new AlertUpdatesResolver();
}

function toEvent(update: AlertUpdate): AlertEvent {
  return Object.assign(new AlertEvent(), update);
}
