import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import { uuidOf } from '@tributary/kernel';
import { Allow, CursorScalar } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { Alerts } from '../domain/Alerts.js';
import { AlertConnection, toAlertConnection } from './Alert.js';
import type { Alert } from './Alert.js';
import { isSelected } from './isSelected.js';
import { Asset, Flow } from './stubs.js';

@Resolver(() => Flow)
export class FlowAlertsResolver {
  constructor(private readonly service: Alerts) {}

  @FieldResolver(() => AlertConnection, { nullable: true, description: 'Its alerts, most recently seen first.' })
  @Allow('alert.read')
  async alerts(
    @Root() flow: Flow,
    @Arg('first', () => Int, { defaultValue: 10, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionValue<Alert> | null> {
    const id = uuidOf('flow', flow.id);
    if (id === null) return null;
    const request = { first, after: after ?? null };
    return toAlertConnection(await this.service.listOf(context, 'flow', id, request, isSelected(info, 'streamCursor')));
  }
}

@Resolver(() => Asset)
export class AssetAlertsResolver {
  constructor(private readonly service: Alerts) {}

  @FieldResolver(() => AlertConnection, { nullable: true, description: 'Its alerts, most recently seen first.' })
  @Allow('alert.read')
  async alerts(
    @Root() asset: Asset,
    @Arg('first', () => Int, { defaultValue: 10, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionValue<Alert> | null> {
    const id = uuidOf('asset', asset.id);
    if (id === null) return null;
    const request = { first, after: after ?? null };
    return toAlertConnection(
      await this.service.listOf(context, 'asset', id, request, isSelected(info, 'streamCursor')),
    );
  }
}
