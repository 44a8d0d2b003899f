import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { uuidOf } from '@tributary/contracts/ids';
import { Allow, CursorScalar } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { Alerts } from '../domain/Alerts.js';
import { AlertConnection, toAlertConnection } from './Alert.js';
import type { Alert } from './Alert.js';
import { isSelected } from '@tributary/server';
import type { Asset, Flow } from './stubs.js';

/** What an entity of another subgraph gets here: its alerts. */
export function createOwnerAlertsResolver(
  alerts: Alerts,
  owner: 'flow' | 'asset',
  type: ClassType<Flow | Asset>,
): object {
  @Resolver(() => type)
  class OwnerAlertsResolver {
    @FieldResolver(() => AlertConnection, { nullable: true, description: 'Its alerts, most recently seen first.' })
    @Allow('alert.read')
    async alerts(
      @Root() root: Flow | Asset,
      @Arg('first', () => Int, { defaultValue: 10, description: 'Items at most, 1 to 100.' }) first: number,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
      after: string | null,
      @Ctx() context: GraphqlContext,
      @Info() info: GraphQLResolveInfo,
    ): Promise<ConnectionValue<Alert> | null> {
      const id = uuidOf(owner, root.id);
      if (id === null) return null;
      const request = { first, after: after ?? null };
      return toAlertConnection(await alerts.listOf(context, owner, id, request, isSelected(info, 'streamCursor')));
    }
  }
  return new OwnerAlertsResolver();
}
