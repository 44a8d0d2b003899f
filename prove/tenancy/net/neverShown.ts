import { isObjectType } from 'graphql';
import type { Net } from './Net.ts';

/** Fields that cannot show anything in the workspaces of the net, and why. */
const explained: Readonly<Record<string, string>> = {
  'Alert.asset': 'nothing raises alerts about assets yet',
  'StoredOperation.cost': 'the net’s manifest says no costs',
  'StoredOperation.lastUsedAt': 'gateways note it once a minute, and the net does not wait for it',
  'StoredOperation.name': 'the net’s manifest says no names',
  'RejectedTrace.reason': 'the net’s workspaces keep traces for ever',
  'Trend.outliers': 'the few runs of the net are too few for one to stand out',
  'Alert.noDataSince': 'the runs of the net lie within their windows',
  'AlertInstance.noDataSince': 'the runs of the net lie within their windows',
  'AlertRuleHealth.message': 'no rule of the net fails',
  'AlertRuleHealth.since': 'no rule of the net fails',
  'AlertFiring.to': 'null while it would still be firing',
  'AlertRuleComparison.added':
    'whether the changed rule would fire more depends on how the runs of the net lie in its ticks; AlertFiring is shown by AlertRulePreview.firings',
  'AlertRuleComparison.removed': 'whether it would fire less, likewise',
  'UpdateProfilePayload.user': 'a name that is changed takes the canary of the net’s own people away',
  'ChangePasswordPayload.changedAt': 'a password that is changed signs the net’s own people out',
};

/** Whether it is known why a field shows nothing there. */
export function isExplained(coordinate: string): boolean {
  return coordinate in explained;
}

/** Texts of tenants that must have shown their canary to their rightful reader: every field that shows one of their columns. */
const texts = [
  'Alert.comment',
  'Alert.description',
  'Alert.fingerprint',
  'Alert.labels',
  'Alert.title',
  'AlertHistoryEntry.comment',
  'AlertInstance.key',
  'AlertMatcher.values',
  'AlertRoute.name',
  'AlertRule.expect',
  'AlertRule.labels',
  'AlertRule.name',
  'AlertRule.runbookUrl',
  'AlertRuleScope.agent',
  'AlertSilence.comment',
  'ApiKey.name',
  'Asset.attributes',
  'Asset.department',
  'Asset.environment',
  'Asset.externalId',
  'Asset.hostname',
  'Asset.name',
  'Asset.operatingSystem',
  'Asset.scope',
  'Asset.ownerEmail',
  'Asset.tags',
  'AssetDependency.relation',
  'AssetSource.source',
  'AuditEntry.after',
  'AuditEntry.before',
  'DiscoveryColumn.reason',
  'DiscoveryColumn.samples',
  'DiscoveryFlow.sourceName',
  'FieldMapping.reason',
  'FieldMapping.samples',
  'Flow.name',
  'FlowEvent.data',
  'FlowEvent.message',
  'FlowFailure.code',
  'FlowFailure.message',
  'FlowPhase.name',
  'FlowPhase.summary',
  'FlowPhase.title',
  'RejectedRow.raw',
  'SourceDefinition.content',
  'SourceDefinition.name',
  'Trace.agent',
  'Trace.attributes',
  'Trace.department',
  'Trace.environment',
  'Trace.model',
  'Trace.operation',
  'Trace.version',
  'User.displayName',
  'User.email',
  'DeadLetter.reason',
  'Notification.answer',
  'Notification.route',
  'NotificationChannel.name',
  'NotificationChannel.settings',
  'Webhook.document',
  'Webhook.headerNames',
  'Webhook.name',
  'Webhook.url',
  'Webhook.variables',
  'WebhookAttempt.answer',
  'WebhookRequest.body',
  'Workspace.name',
  'Workspace.settings',
  'Workspace.slug',
];

/** Fields that the rightful reader saw nothing of: attacks on them would prove nothing. */
export function neverShownUnexplained(net: Net): string[] {
  const roots = [net.schema.getMutationType(), net.schema.getSubscriptionType()];
  const names = Object.values(net.schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type)
      ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
      : [],
  );
  return [
    ...net.coverage.neverShown(names).filter((name) => !isExplained(name)),
    ...net.coverage.neverShown(texts.map((name) => `${name} with its canary`)),
  ];
}
