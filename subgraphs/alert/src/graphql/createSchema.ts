import { ApiKeyReference, UserReference } from '@tributary/server';
import type { GraphqlParts, Reference, SubgraphGraph } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { EventStreams } from '@tributary/events';
import type { AlertActions } from '../domain/AlertActions.js';
import type { AlertRules } from '../domain/AlertRules.js';
import type { AlertRoutes } from '../domain/AlertRoutes.js';
import type { Alerts } from '../domain/Alerts.js';
import type { AlertSilences } from '../domain/AlertSilences.js';
import { Alert, toAlert } from './Alert.js';
import { AlertHistoryResolver } from './AlertHistoryResolver.js';
import { AlertInstanceResolver } from './AlertInstanceResolver.js';
import { AlertResolver } from './AlertResolver.js';
import { AlertRulePreviewResolver } from './AlertRulePreview.js';
import { AlertRule, toAlertRule } from './AlertRule.js';
import { AlertRuleResolver } from './AlertRuleResolver.js';
import { AlertRouteResolver } from './AlertRouteResolver.js';
import { AlertSilence, toSilence } from './AlertSilence.js';
import { AlertSilenceResolver } from './AlertSilenceResolver.js';
import { createAlertUpdatesResolver } from './createAlertUpdatesResolver.js';
import { createOwnerAlertsResolver } from './createOwnerAlertsResolver.js';
import { Asset, Flow, NotificationChannel } from './stubs.js';

export interface AlertServices {
  readonly database: Database;
  readonly alerts: Alerts;
  readonly actions: AlertActions;
  readonly rules: AlertRules;
  readonly silences: AlertSilences;
  readonly routes: AlertRoutes;
  readonly commands: CommandClient;
  readonly streams: EventStreams;
}

function parts(services: AlertServices): GraphqlParts {
  const { database, alerts, actions, rules, silences, routes, commands, streams } = services;
  return {
    resolvers: [
      new AlertResolver(alerts, actions, rules, silences, routes, commands),
      new AlertHistoryResolver(),
      new AlertInstanceResolver(alerts),
      new AlertRuleResolver(database, rules, commands),
      new AlertRulePreviewResolver(commands),
      new AlertSilenceResolver(silences),
      new AlertRouteResolver(routes, alerts),
      createOwnerAlertsResolver(alerts, 'flow', Flow),
      createOwnerAlertsResolver(alerts, 'asset', Asset),
      createAlertUpdatesResolver(database, streams, alerts),
    ],
    types: [Alert, AlertRule, AlertSilence, Flow, Asset, NotificationChannel, UserReference, ApiKeyReference],
  };
}

const references: Readonly<Record<string, Reference<AlertServices>>> = {
  Flow: { joins: Flow },
  Asset: { joins: Asset },
  Alert: {
    action: 'alert.read',
    load: async ({ alerts }, context, id) => {
      const row = await alerts.find(context, id);
      return row && toAlert(row);
    },
  },
  AlertRule: {
    action: 'alertRule.read',
    load: async ({ rules }, context, id) => {
      const row = await rules.find(context, id);
      return row && toAlertRule(row);
    },
  },
  AlertSilence: {
    action: 'alert.read',
    load: async ({ silences }, context, id) => {
      const row = await silences.find(context, id);
      return row && toSilence(row);
    },
  },
};

export const alertGraph: SubgraphGraph<AlertServices> = { parts, references };
