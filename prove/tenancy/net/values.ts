import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  type GraphQLInputType,
} from 'graphql';
import type { Random } from '@tributary/kit';
import type { World } from '../world/World.ts';

/** How a leaf of the input is filled in. */
export interface Filling {
  /** Whose ids, cursors and texts. */
  readonly world: World;
  /** Places that are optional and given nevertheless. */
  readonly present: (coordinate: string) => boolean;
  readonly random: Random;
  /** Coordinates that take exactly this value. */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

/** Of which kind an id is, where its name does not say. */
const idKinds: Readonly<Record<string, string>> = {
  'Query.alert.id': 'alert',
  'Query.alertRule.id': 'rule',
  'Query.previewAlertRuleChange.id': 'rule',
  'Query.asset.id': 'asset',
  'Query.flow.id': 'flow',
  'Query.trace.id': 'trace',
  'Query.sourceDefinition.id': 'source',
  'Query.webhook.id': 'hook',
  'Query.webhookEvents.webhookId': 'hook',
  'Subscription.webhookUpdates.webhookId': 'hook',
  'UpdateWebhookInput.id': 'hook',
  'WebhookActionInput.id': 'hook',
  'ChannelActionInput.id': 'channel',
  'UpdateChannelInput.id': 'channel',
  'ResumeWebhookInput.id': 'hook',
  'RollWebhookSecretInput.id': 'hook',
  'ReplayWebhookInput.id': 'hook',
  'ReplayWebhookInput.deadLetterIds': 'dead',
  'DiscardDeadLettersInput.webhookId': 'hook',
  'DiscardDeadLettersInput.ids': 'dead',
  'AcknowledgeAlertInput.id': 'alert',
  'AcknowledgeAlertInput.ownerId': 'user',
  'AcknowledgeAlertsInput.ids': 'alert',
  'AcknowledgeAlertsInput.ownerId': 'user',
  'AssignAlertInput.id': 'alert',
  'AssignAlertInput.ownerId': 'user',
  'CommentOnAlertInput.id': 'alert',
  'ResolveAlertsInput.ids': 'alert',
  'UnacknowledgeAlertInput.id': 'alert',
  'DeleteSourceDefinitionInput.id': 'source',
  'UpdateSourceDefinitionInput.id': 'source',
  'ResolveAlertInput.id': 'alert',
  'DeleteAlertRuleInput.id': 'rule',
  'UpdateAlertRuleInput.id': 'rule',
  'EndAlertSilenceInput.id': 'silence',
  'EscalationStepInput.channelIds': 'channel',
  'UpdateAlertSilenceInput.id': 'silence',
  'RetireAssetInput.id': 'asset',
  'UpdateAssetInput.id': 'asset',
  'RevokeApiKeyInput.id': 'key',
  'RollApiKeyInput.id': 'key',
  'RevokeInvitationInput.id': 'inv',
  'RevokeSessionInput.id': 'sess',
  'AssetFilter.discoveredByFlowId': 'flow',
  'FlowFilter.createdBy': 'user',
  'AuditFilter.actorId': 'user',
  'AuditFilter.entityId': 'flow',
};

/** Columns that texts of filters are compared with. */
const columnsOf: Readonly<Record<string, string>> = {
  'AssetFilter.department': 'asset.department',
  'AssetFilter.environment': 'asset.environment',
  'AssetFilter.tags': 'asset.tags',
  'AssetFilter.search': 'asset.name',
  'FlowFilter.kind': 'flow.kind',
  'FlowFilter.search': 'flow.name',
  'AlertFilter.search': 'alert.title',
  'MetricFilter.sessionId': 'trace.session_id',
  'Query.agentSession.sessionId': 'trace.session_id',
  'Query.agentSessions.search': 'trace.session_id',
  'Query.agentSessions.user': 'trace.user_id',
  'FlowUpdatesFilter.kind': 'flow.kind',
};

const now = Date.now();

/** Values of places that take no id, cursor or text of a workspace. A place that is new needs a line here. */
const plain: Readonly<Record<string, unknown>> = {
  'TimeRange.from': new Date(now - 86_400_000).toISOString(),
  'TimeRange.to': new Date(now + 3_600_000).toISOString(),
  'AuditFilter.from': new Date(now - 86_400_000).toISOString(),
  'AuditFilter.to': new Date(now + 86_400_000).toISOString(),
  // The product’s own words, and no workspace’s.
  'AuditFilter.action': 'flow.start',
  'AuditFilter.entityType': 'Flow',
  'AlertFilter.seenAfter': new Date(now - 86_400_000).toISOString(),
  'AlertFilter.seenBefore': new Date(now + 86_400_000).toISOString(),
  'FlowFilter.createdAfter': new Date(now - 86_400_000).toISOString(),
  'FlowFilter.createdBefore': new Date(now + 86_400_000).toISOString(),
  'CreateApiKeyInput.expiresAt': new Date(now + 86_400_000).toISOString(),
  'CreateApiKeyInput.name': 'A key of the net',
  'CreateApiKeyInput.scopes': 'flow.read',
  'Query.monthlyReport.month': new Date(now).toISOString().slice(0, 7),
  'TraceInput.startedAt': new Date(now - 3_600_000).toISOString(),
  'TraceInput.attributes': { note: 'of the net' },
  'TraceInput.durationMs': 5,
  'TraceInput.inputTokens': 5,
  'TraceInput.outputTokens': 5,
  'TraceInput.costUsd': 0.5,
  'TraceInput.cachedInputTokens': 1,
  'SetModelPriceInput.validFrom': new Date(now - 3_600_000).toISOString(),
  'SetModelPriceInput.inputUsdPerMillion': 1,
  'SetModelPriceInput.outputUsdPerMillion': 2,
  'SetModelPriceInput.cachedInputUsdPerMillion': 0.5,
  'SetModelPriceInput.cacheWriteUsdPerMillion': 1.5,
  'AcknowledgeAlertInput.until': new Date(now + 3_600_000).toISOString(),
  'AcknowledgeAlertsInput.until': new Date(now + 3_600_000).toISOString(),
  'AlertMatcherInput.label': 'key',
  'AlertRouteInput.groupBy': 'ruleId',
  'AlertRouteInput.groupWaitSeconds': 30,
  'AlertRouteInput.groupIntervalSeconds': 300,
  'AlertRouteInput.repeatSeconds': 14_400,
  'EscalationStepInput.afterSeconds': 0,
  'SetAlertRoutesInput.version': 1,
  ...Object.fromEntries(
    ['CreateAlertSilenceInput', 'UpdateAlertSilenceInput'].flatMap((type) => [
      [`${type}.startsAt`, new Date(now - 60_000).toISOString()],
      [`${type}.endsAt`, new Date(now + 86_400_000).toISOString()],
      [`${type}.rrule`, 'FREQ=DAILY'],
      [`${type}.timeZone`, 'Europe/Zurich'],
      [`${type}.durationSeconds`, 600],
    ]),
  ),
  'UpdateAlertSilenceInput.version': 1,
  'AlertConditionInput.threshold': 1,
  'AlertConditionInput.recoveryThreshold': 1,
  'AlertConditionInput.windowSeconds': 3_600,
  ...Object.fromEntries(
    ['AlertRuleInput', 'AlertRulePatch'].flatMap((type) => [
      [`${type}.recoveryThreshold`, 1],
      [`${type}.forSeconds`, 0],
      [`${type}.keepFiringSeconds`, 60],
      [`${type}.everySeconds`, 300],
      [`${type}.delaySeconds`, 15],
      [`${type}.missingAfterSeconds`, 3_600],
      [`${type}.reopenSeconds`, 600],
      [`${type}.maxAlerts`, 10],
      [`${type}.labels`, { team: 'net' }],
      [`${type}.runbookUrl`, 'https://runbook.example/net'],
    ]),
  ),
  'AlertRuleInput.threshold': 1,
  'AlertRuleInput.windowSeconds': 86_400,
  'AlertRuleInput.enabled': false,
  'AlertRulePatch.threshold': 1,
  'AlertRulePatch.windowSeconds': 86_400,
  'AlertRulePatch.enabled': false,
  'UpdateAlertRuleInput.version': 1,
  'UpdateAssetInput.version': 1,
  'UpdateAssetInput.ownerEmail': 'somebody@corp.example',
  'RetireAssetInput.version': 1,
  'StartDiscoveryInput.requireApproval': true,
  'DiscoverySourceInput.encoding': 'utf-8',
  'DiscoverySourceInput.sheet': 'Servers',
  'WebhookInput.url': 'https://hooks.example.com/net',
  'WebhookInput.document': 'subscription { alertUpdates { type alert { title description labels } } }',
  'Query.previewWebhook.last': 20,
  'WebhookInput.documentId': 'no stored operation',
  'WebhookInput.variables': { note: 'net' },
  'WebhookInput.maxBatch': 1,
  'WebhookInput.maxPerSecond': 5,
  'WebhookPatch.url': 'https://hooks.example.com/net',
  'WebhookPatch.document': 'subscription { flowUpdates { type } }',
  'WebhookPatch.documentId': 'no stored operation',
  'WebhookPatch.variables': { note: 'net' },
  'WebhookPatch.maxBatch': 1,
  'WebhookPatch.maxPerSecond': 5,
  'UpdateWebhookInput.version': 1,
  'UpdateChannelInput.version': 1,
  'UpdateChannelInput.settings': { url: 'https://hooks.example.com/net' },
  'UpdateChannelInput.secret': 'a-token-of-the-net',
  'ChannelInput.settings': { url: 'https://hooks.example.com/net' },
  'ChannelInput.secret': 'a-token-of-the-net',
  'HeaderInput.name': 'x-net',
  'HeaderInput.value': 'net',
  'RollWebhookSecretInput.overlapHours': 24,
  'ReplayWebhookInput.fromSequence': 1,
  'ReplayWebhookInput.toSequence': 5,
  'ReplayWebhookInput.fromTime': new Date(now - 3_600_000).toISOString(),
  'SourceDefinitionInput.content':
    'name: Net\nform: table\nrecognise: { all: [net] }\nscope: site\nedges: [{ to: on, kind: runs_on }]\n' +
    'fields: { name: net, externalId: id, hostname: host, ipAddress: ip, environment: env }\n',
  'UpdateSourceDefinitionInput.version': 1,
  'Query.trySourceDefinition.sample': 'net,id,host,ip,env,site,on\none,id-1,one.example,10.0.0.1,prod,here,two\n',
  'DiscoverySourceInput.content': 'name,ip\nsomething,10.0.0.1',
  'ReportFlowProgressInput.progress': 0.5,
  'ReportFlowProgressInput.data': { note: 'of the net' },
  'ReportFlowProgressInput.phase': 'second',
  'FlowFailureInput.retryable': true,
  'UpdateWorkspaceSettingsInput.settings': { net: true },
  'RollApiKeyInput.overlapSeconds': 60,
  // Too short, so that no run comes to the limit of wrong passwords: then two answers that should be alike would differ.
  'ChangePasswordInput.next': 'short',
  // Refused: the names of the net’s own people are what others must not see.
  'UpdateProfileInput.displayName': '',
  'FieldMappingInput.sourceField': 'Name',
  'FieldMappingInput.targetField': 'name',
};
const plainByName: Readonly<Record<string, unknown>> = { first: 3, last: 3, depth: 2, maxAgeSeconds: 0 };

/** Whether a place of this type takes something of a workspace: an id, a cursor, a text. */
export function isForeignPlace(type: string): boolean {
  return type === 'ID' || type === 'Cursor' || type === 'String';
}

/** A value of an input type, with every leaf from the world that the filling names. Throws for a place that nobody has described. */
export function makeValue(type: GraphQLInputType, coordinate: string, filling: Filling): unknown {
  if (filling.fixed && coordinate in filling.fixed) return filling.fixed[coordinate];
  const inner = getNullableType(type);
  if (isListType(inner)) return [makeValue(inner.ofType, coordinate, filling)];
  if (inner.name === 'TimeRange') return rangeWith(filling);
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields())
      .filter((field) => isRequiredInputField(field) || filling.present(`${inner.name}.${field.name}`))
      .map((field) => [field.name, makeValue(field.type, `${inner.name}.${field.name}`, filling)] as const);
    return Object.fromEntries(fields);
  }
  if (isEnumType(inner)) return filling.random.pick(inner.getValues()).name;
  const name = coordinate.slice(coordinate.lastIndexOf('.') + 1);
  if (coordinate in plain) return plain[coordinate];
  switch (inner.name) {
    case 'ID':
      return filling.random.pick(idsAt(coordinate, name, filling.world));
    case 'Cursor':
      return filling.random.pick(cursorsAt(coordinate, filling.world));
    case 'String':
      return textAt(coordinate, name, filling);
    case 'Boolean':
      return filling.random.next() < 0.5;
    default:
      if (name in plainByName) return plainByName[name];
      throw new Error(`Say in values.ts what ${coordinate} (${inner.name}) takes.`);
  }
}

/** Said in one way: its ends, or how long it lasted until now. */
function rangeWith({ present, random }: Filling): Record<string, unknown> {
  if (present('TimeRange.last')) return { last: random.pick(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR']) };
  return { from: plain['TimeRange.from'], to: plain['TimeRange.to'] };
}

function idsAt(coordinate: string, name: string, world: World): readonly string[] {
  if (coordinate === 'Query.node.id') return Object.values(world.ids).flat();
  const kind = idKinds[coordinate] ?? /^(flow|asset|rule|upload|user|alert|trace|key)Id$/.exec(name)?.[1];
  const ids = kind === undefined ? undefined : world.ids[kind];
  if (!ids) throw new Error(`Say in values.ts of which kind the id ${coordinate} is.`);
  return ids;
}

/** Cursors of the very list, else of any: those of another list are an attack, too. */
function cursorsAt(coordinate: string, world: World): readonly string[] {
  const own = world.cursors.get(coordinate.slice(0, coordinate.lastIndexOf('.')));
  if (own && own.length > 0) return own;
  const any = [...world.cursors.values()].flat();
  if (any.length === 0) throw new Error(`There is no cursor for ${coordinate}: the rightful reader has read nothing.`);
  return any;
}

function textAt(coordinate: string, name: string, filling: Filling): string {
  const [type] = coordinate.split('.') as [string];
  const column = columnsOf[coordinate] ?? (type === 'MetricFilter' ? `trace_series.${name}` : undefined);
  if (column) {
    const texts = filling.world.texts[column];
    if (!texts || texts.length === 0) throw new Error(`World.ts reads no texts of ${column}, for ${coordinate}.`);
    return filling.random.pick(texts);
  }
  if (name === 'email') return `net-${filling.random.hex(8)}@corp.example`;
  // What a mutation stores must not be another's canary: it would be found later, where it belongs.
  if (/Input$|Patch$/.test(type)) return `text ${filling.random.hex(6)}`;
  throw new Error(`Say in values.ts which text ${coordinate} takes.`);
}
