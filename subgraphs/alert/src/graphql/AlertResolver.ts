import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import {
  ActorReference,
  Allow,
  CursorScalar,
  isKnownFlow,
  isSelected,
  toActorReference,
  toConnection,
  UserReference,
} from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { AlertActions } from '../domain/AlertActions.js';
import type { AlertRules } from '../domain/AlertRules.js';
import type { AlertRoutes } from '../domain/AlertRoutes.js';
import type { Alerts } from '../domain/Alerts.js';
import type { AlertSilences } from '../domain/AlertSilences.js';
import { Alert, AlertConnection, toAlert, toAlertConnection } from './Alert.js';
import { AlertFacets, toAlertFacets } from './AlertFacets.js';
import { AlertRule, toAlertRule } from './AlertRule.js';
import { AlertHistoryConnection, toHistoryEntry } from './AlertHistory.js';
import type { AlertHistoryEntry } from './AlertHistory.js';
import {
  AcknowledgeAlertInput,
  AcknowledgeAlertsInput,
  AlertFilter,
  AssignAlertInput,
  CommentOnAlertInput,
  ResolveAlertInput,
  ResolveAlertsInput,
  UnacknowledgeAlertInput,
} from './inputs.js';
import {
  AcknowledgeAlertPayload,
  AcknowledgeAlertsPayload,
  AssignAlertPayload,
  CommentOnAlertPayload,
  ResolveAlertPayload,
  ResolveAlertsPayload,
  UnacknowledgeAlertPayload,
} from './payloads.js';
import { AlertSuppression, toSilence } from './AlertSilence.js';
import { Asset, Flow } from './stubs.js';

@Resolver(() => Alert)
export class AlertResolver {
  constructor(
    private readonly service: Alerts,
    private readonly actions: AlertActions,
    private readonly rules: AlertRules,
    private readonly silences: AlertSilences,
    private readonly routes: AlertRoutes,
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

  @Query(() => AlertFacets, {
    nullable: true,
    description: 'What the alerts of the workspace can be narrowed down by.',
  })
  @Allow('alert.read')
  async alertFacets(
    @Arg('filter', () => AlertFilter, { nullable: true, description: 'Of which alerts. Null: all.' })
    filter: AlertFilter | null,
    @Ctx() context: GraphqlContext,
  ): Promise<AlertFacets> {
    return toAlertFacets(await this.service.facets(context, filter ?? {}));
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
    description:
      'Takes up a firing alert. One that is acknowledged already is RESOURCE_CONFLICT without `takeOver`, one that is resolved always.',
  })
  @Allow('alert.acknowledge')
  async acknowledgeAlert(
    @Arg('input', () => AcknowledgeAlertInput, { description: 'Which alert.' }) input: AcknowledgeAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<AcknowledgeAlertPayload> {
    return { alert: toAlert(await this.actions.acknowledge(context, input)) };
  }

  @Mutation(() => ResolveAlertPayload, {
    nullable: true,
    description:
      'Closes an open alert. It fires again once its condition was over, or at once with `refire`. One that is resolved already is RESOURCE_CONFLICT.',
  })
  @Allow('alert.resolve')
  async resolveAlert(
    @Arg('input', () => ResolveAlertInput, { description: 'Which alert.' }) input: ResolveAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ResolveAlertPayload> {
    return { alert: toAlert(await this.actions.resolve(context, input)) };
  }

  @Mutation(() => UnacknowledgeAlertPayload, {
    nullable: true,
    description:
      'Gives an acknowledged alert back: it is firing again. One that nobody has taken up is RESOURCE_CONFLICT.',
  })
  @Allow('alert.acknowledge')
  async unacknowledgeAlert(
    @Arg('input', () => UnacknowledgeAlertInput, { description: 'Which alert.' }) input: UnacknowledgeAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UnacknowledgeAlertPayload> {
    return { alert: toAlert(await this.actions.unacknowledge(context, input)) };
  }

  @Mutation(() => AssignAlertPayload, {
    nullable: true,
    description: 'Says who works on an open alert. One that is resolved is RESOURCE_CONFLICT.',
  })
  @Allow('alert.assign')
  async assignAlert(
    @Arg('input', () => AssignAlertInput, { description: 'Which alert, and who.' }) input: AssignAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<AssignAlertPayload> {
    return { alert: toAlert(await this.actions.assign(context, input)) };
  }

  @Mutation(() => CommentOnAlertPayload, {
    nullable: true,
    description: 'Says something about an alert, open or not.',
  })
  @Allow('alert.acknowledge')
  async commentOnAlert(
    @Arg('input', () => CommentOnAlertInput, { description: 'Which alert, and what.' }) input: CommentOnAlertInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CommentOnAlertPayload> {
    const alert = await this.actions.comment(context, input);
    const entry = await this.service.historyEntry(context, alert.id, alert.version);
    return { alert: toAlert(alert), entry: toHistoryEntry(entry) };
  }

  @Mutation(() => AcknowledgeAlertsPayload, {
    nullable: true,
    description: 'Takes up many alerts, each by itself: one that cannot be does not keep the others.',
  })
  @Allow('alert.acknowledge')
  async acknowledgeAlerts(
    @Arg('input', () => AcknowledgeAlertsInput, { description: 'Which alerts.' }) input: AcknowledgeAlertsInput,
    @Ctx() context: GraphqlContext,
  ): Promise<AcknowledgeAlertsPayload> {
    const { alerts, refused } = await this.actions.acknowledgeMany(context, input);
    return { alerts: alerts.map(toAlert), refused };
  }

  @Mutation(() => ResolveAlertsPayload, {
    nullable: true,
    description: 'Closes many open alerts, each by itself: one that cannot be does not keep the others.',
  })
  @Allow('alert.resolve')
  async resolveAlerts(
    @Arg('input', () => ResolveAlertsInput, { description: 'Which alerts.' }) input: ResolveAlertsInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ResolveAlertsPayload> {
    const { alerts, refused } = await this.actions.resolveMany(context, input);
    return { alerts: alerts.map(toAlert), refused };
  }

  @FieldResolver(() => UserReference, {
    nullable: true,
    description: 'Who works on it. Null: nobody in particular, and for those who may not see who did what.',
  })
  @Allow('member.read')
  owner(@Root() { row }: Alert): UserReference | null {
    return row.ownerId === null ? null : Object.assign(new UserReference(), { id: encodeId('user', row.ownerId) });
  }

  @FieldResolver(() => AlertSuppression, {
    nullable: true,
    description: 'What holds its notifications. Null: nothing, and for an alert that is resolved.',
  })
  @Allow('alert.read')
  async suppression(@Root() { row }: Alert, @Ctx() context: GraphqlContext): Promise<AlertSuppression | null> {
    const { status, suppressedBy, suppressedUntil: until } = row;
    if (status === 'RESOLVED' || suppressedBy === null || until === null || until <= this.silences.now) return null;
    const silence = await this.silences.load(context, suppressedBy);
    return silence && { kind: silence.kind, silence: toSilence(silence), until };
  }

  @FieldResolver(() => String, {
    description:
      'Alerts with the same group are told together: those of the first route that takes them whose labels are alike. Its fingerprint when no route takes it.',
  })
  @Allow('alert.read')
  group(@Root() { row }: Alert, @Ctx() context: GraphqlContext): Promise<string> {
    return this.routes.groupOf(context, row);
  }

  @FieldResolver(() => AlertHistoryConnection, { description: 'All that happened to it, oldest first.' })
  @Allow('alert.read')
  async history(
    @Root() { row }: Alert,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AlertHistoryEntry>> {
    const page = await this.service.historyOf(context, row.id, { first, after: after ?? null });
    return toConnection(page, toHistoryEntry);
  }
}
