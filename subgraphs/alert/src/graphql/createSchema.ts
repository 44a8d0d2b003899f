import { CodedError } from '@tributary/contracts/errors';
import { mayDo } from '@tributary/contracts/actions';
import type { Action } from '@tributary/contracts/actions';
import { ApiKeyReference, buildFederatedSchema, UserReference } from '@tributary/server';
import type { FederatedSchema, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { EventStreams } from '@tributary/events';
import type { AlertRules } from '../domain/AlertRules.js';
import type { Alerts } from '../domain/Alerts.js';
import { Alert, toAlert } from './Alert.js';
import { AlertResolver } from './AlertResolver.js';
import { AlertRule, toAlertRule } from './AlertRule.js';
import { AlertRuleResolver } from './AlertRuleResolver.js';
import { createAlertUpdatesResolver } from './createAlertUpdatesResolver.js';
import { createOwnerAlertsResolver } from './createOwnerAlertsResolver.js';
import { Asset, Flow } from './stubs.js';

export interface SchemaParts {
  readonly alerts: Alerts;
  readonly rules: AlertRules;
  readonly commands: CommandClient;
  readonly streams: EventStreams;
}

export function createSchema({ alerts, rules, commands, streams }: SchemaParts): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [
      new AlertResolver(alerts, rules, commands),
      new AlertRuleResolver(rules, commands),
      createOwnerAlertsResolver(alerts, 'flow', Flow),
      createOwnerAlertsResolver(alerts, 'asset', Asset),
      createAlertUpdatesResolver(streams, alerts),
    ],
    orphanedTypes: [Alert, AlertRule, Flow, Asset, UserReference, ApiKeyReference],
    references: {
      Flow: ({ id }) => Object.assign(new Flow(), { id }),
      Asset: ({ id }) => Object.assign(new Asset(), { id }),
      Alert: async ({ id }, context) => {
        assertMayDo(context, 'alert.read');
        const row = await alerts.find(context, id);
        return row && toAlert(row);
      },
      AlertRule: async ({ id }, context) => {
        assertMayDo(context, 'alertRule.read');
        const row = await rules.find(context, id);
        return row && toAlertRule(row);
      },
    },
  });
}

/** `_entities` has no field of ours that could name the action. */
function assertMayDo(context: GraphqlContext, action: Action): void {
  if (mayDo(context.principal, action)) return;
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    `This needs the action ${action}, which your role or key does not have.`,
    {
      action,
    },
  );
}
