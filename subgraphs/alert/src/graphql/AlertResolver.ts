import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { ActorReference, Allow, CursorScalar, isKnownFlow, toActorReference } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { AlertRules } from '../domain/AlertRules.js';
import type { Alerts } from '../domain/Alerts.js';
import { Alert, AlertConnection, toAlert, toAlertConnection } from './Alert.js';
import { AlertRule, toAlertRule } from './AlertRule.js';
import { AcknowledgeAlertInput, AlertFilter, ResolveAlertInput } from './inputs.js';
import { isSelected } from '@tributary/server';
import { AcknowledgeAlertPayload, ResolveAlertPayload } from './payloads.js';
import { Asset, Flow } from './stubs.js';

@Resolver(() => Alert)
export class AlertResolver {
  constructor(
    private readonly service: Alerts,
    private readonly rules: AlertRules,
    private readonly commands: CommandClient,
  ) {}

  @Query(() => Alert, { nullable: true, description: 'One alert. Null when it is not in this workspace.' })
  @Allow('alert.read')
  async alert(
    @Arg('id', () => ID, { description: 'The alert’s id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<Alert | null> {
    const row = await this.service.find(context, id);
    return row && toAlert(row);
  }

  @Query(() => AlertConnection, { nullable: true, description: 'The workspace’s alerts, most recently seen first.' })
  @Allow('alert.read')
  async alerts(
    @Arg('filter', () => AlertFilter, { nullable: true, description: 'Which alerts. Null: all.' })
    filter: AlertFilter | null,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionValue<Alert>> {
    const request = { first, after: after ?? null };
    return toAlertConnection(await this.service.list(context, filter ?? {}, request, isSelected(info, 'streamCursor')));
  }

  @FieldResolver(() => ActorReference, {
    nullable: true,
    description: 'Who has taken it up. Null when nobody has, and for those who may not see who did what.',
  })
  @Allow('member.read')
  acknowledgedBy(@Root() alert: Alert): ActorReference | null {
    const { acknowledgedByKind: kind, acknowledgedById: id } = alert.row;
    return kind && id !== null ? toActorReference(kind, id) : null;
  }

  @FieldResolver(() => AlertRule, {
    nullable: true,
    description: 'The rule that raised it. Null for alerts that a failed flow raised, and when the rule is gone.',
  })
  @Allow('alertRule.read')
  async rule(@Root() alert: Alert, @Ctx() context: GraphqlContext): Promise<AlertRule | null> {
    const { ruleId } = alert.row;
    const rule = ruleId && (await this.rules.load(context, ruleId));
    return rule ? toAlertRule(rule) : null;
  }

  @FieldResolver(() => Flow, {
    nullable: true,
    description:
      'The flow that it is about. Null when it is about none, or about one that this workspace does not know.',
  })
  @Allow('flow.read')
  async flow(@Root() alert: Alert, @Ctx() context: GraphqlContext): Promise<Flow | null> {
    const { flowId, ruleId } = alert.row;
    if (flowId === null) return null;
    const id = encodeId('flow', flowId);
    // A rule knows flows from traces only, and those may name anything.
    if (ruleId !== null && !(await isKnownFlow(this.commands, context, id))) return null;
    return Object.assign(new Flow(), { id });
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'The asset that it is about. Null when it is about none.',
  })
  @Allow('asset.read')
  asset(@Root() alert: Alert): Asset | null {
    const { assetId } = alert.row;
    return assetId === null ? null : Object.assign(new Asset(), { id: encodeId('asset', assetId) });
  }

  @Mutation(() => AcknowledgeAlertPayload, {
    nullable: true,
    description: 'Takes up a firing alert. One that is acknowledged or resolved already is RESOURCE_CONFLICT.',
  })
  @Allow('alert.acknowledge')
  async acknowledgeAlert(
    @Arg('input', () => AcknowledgeAlertInput, { description: 'Which alert.' }) input: AcknowledgeAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<AcknowledgeAlertPayload> {
    return { alert: toAlert(await this.service.acknowledge(context, input)) };
  }

  @Mutation(() => ResolveAlertPayload, {
    nullable: true,
    description:
      'Closes an open alert; if its cause lasts, another alert fires. One that is resolved already is RESOURCE_CONFLICT.',
  })
  @Allow('alert.resolve')
  async resolveAlert(
    @Arg('input', () => ResolveAlertInput, { description: 'Which alert.' }) input: ResolveAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ResolveAlertPayload> {
    return { alert: toAlert(await this.service.resolve(context, input)) };
  }
}
