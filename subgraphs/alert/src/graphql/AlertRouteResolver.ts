import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { AlertRoutes as AlertRoutesService } from '../domain/AlertRoutes.js';
import type { Alerts } from '../domain/Alerts.js';
import type { RouteDefinition } from '../domain/model.js';
import {
  AlertRoute,
  AlertRoutes,
  EscalationStep,
  SetAlertRoutesInput,
  SetAlertRoutesPayload,
  toRoute,
  toRoutes,
} from './AlertRoute.js';
import type { AlertRouteInput } from './AlertRoute.js';
import { NotificationChannel } from './stubs.js';

/** Alerts of one rule together, and failed flows together. */
const defaultGroupBy = ['ruleId'];

@Resolver(() => EscalationStep)
export class AlertRouteResolver {
  constructor(
    private readonly routing: AlertRoutesService,
    private readonly alerts: Alerts,
  ) {}

  @Query(() => AlertRoutes, { nullable: true, description: 'Who is told of which alerts.' })
  @Allow('alert.read')
  async alertRoutes(@Ctx() context: GraphqlContext): Promise<AlertRoutes> {
    return toRoutes(await this.routing.list(context));
  }

  @Query(() => [AlertRoute], {
    nullable: true,
    description:
      'The routes that take an alert as it is now, in their order; none: nobody is told. Null when the alert is not in this workspace.',
  })
  @Allow('alert.read')
  async previewAlertRoute(
    @Arg('alertId', () => ID, { description: 'The alert’s id.' }) alertId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<AlertRoute[] | null> {
    const alert = await this.alerts.find(context, alertId);
    return alert && (await this.routing.routesOf(context, alert)).map(toRoute);
  }

  @FieldResolver(() => [NotificationChannel], {
    nullable: true,
    description:
      'The channels by which people are told; those that are gone are left out. Null for those who may not see channels.',
  })
  @Allow('channel.read')
  async channels(@Root() { row }: EscalationStep, @Ctx() context: GraphqlContext): Promise<NotificationChannel[]> {
    const ids = await this.routing.existingChannels(context, row.channelIds);
    return ids.map((id) => Object.assign(new NotificationChannel(), { id }));
  }

  @Mutation(() => SetAlertRoutesPayload, {
    nullable: true,
    description:
      'Says who is told of which alerts, as a whole; another version than the one named is RESOURCE_CONFLICT. Open alerts are told by routes that did not have them before.',
  })
  @Allow('alertRoute.write')
  async setAlertRoutes(
    @Arg('input', () => SetAlertRoutesInput, { description: 'The routes.' }) input: SetAlertRoutesInput,
    @Ctx() context: GraphqlContext,
  ): Promise<SetAlertRoutesPayload> {
    const routes = await this.routing.set(context, input.version, input.routes.map(toDefinition), input);
    return { routes: toRoutes(routes) };
  }
}

function toDefinition(input: AlertRouteInput): RouteDefinition {
  const { name, goOn, groupWaitSeconds, groupIntervalSeconds, repeatSeconds } = input;
  return {
    name,
    matchers: input.matchers.map(({ label, values }) => ({ label, values })),
    goOn,
    groupBy: input.groupBy ?? defaultGroupBy,
    groupWaitSeconds,
    groupIntervalSeconds,
    repeatSeconds,
    steps: input.steps.map(({ afterSeconds, channelIds }) => ({ afterSeconds, channelIds })),
  };
}
