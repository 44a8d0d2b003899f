import { deleteOldRows, scopeOf } from '@tributary/data';
import { defineSubgraph } from '@tributary/server/declare';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { AlertActions } from './domain/AlertActions.js';
import { AlertGroups } from './domain/AlertGroups.js';
import { AlertRoutes } from './domain/AlertRoutes.js';
import { AlertRules } from './domain/AlertRules.js';
import { Alerts } from './domain/Alerts.js';
import { AlertSilences } from './domain/AlertSilences.js';
import { AlertTransitions } from './domain/AlertTransitions.js';
import { DeliveryTrouble, troubleEvents } from './domain/DeliveryTrouble.js';
import { expireDueAcknowledgements } from './domain/expireAcknowledgements.js';
import { FlowFailures } from './domain/FlowFailures.js';
import { InstanceWriter } from './domain/InstanceWriter.js';
import { lookAfterDiscoveries } from './domain/lookAfterDiscoveries.js';
import { moveDueSilences } from './domain/moveSilences.js';
import { RuleEvaluator } from './domain/RuleEvaluator.js';
import { AlertRow } from './storage/AlertRow.js';
import { AlertRuleRow } from './storage/AlertRuleRow.js';
import { HistoryRow } from './storage/HistoryRow.js';
import { InstanceRow } from './storage/InstanceRow.js';
import { RouteRow } from './storage/RouteRow.js';
import { SilenceRow } from './storage/SilenceRow.js';
import { deleteOldTransitions } from './storage/instanceStatements.js';
import { existingAlerts, existingRules, existingSilences } from './storage/existingStatements.js';

export interface AlertOptions {
  /** Between two looks which rules are due. Default 1,000 ms. */
  readonly pollMs?: number;
  /** Rules that are evaluated side by side in a process. Default 4. */
  readonly lanes?: number;
  /** Evaluations that are caught up with after an outage. Default 360. */
  readonly catchUpTicks?: number;
  /** How far back what late data show is made up for. Default 1 hour. */
  readonly lateHorizonMs?: number;
  /** Moves PostgreSQL’s clock, which says what is due: a test’s way to wait. Default: not at all. */
  readonly aheadMs?: () => number;
  /** How long transitions of rules are kept. Default 90 days. */
  readonly historyDays?: number;
}

/** What needs a person: alerts raised by failed flows and by rules over agents' figures. */
export function alertSubgraph(options: AlertOptions = {}): SubgraphDefinition {
  const {
    pollMs = 1_000,
    lanes = 4,
    catchUpTicks = 360,
    lateHorizonMs = 3_600_000,
    historyDays = 90,
    aheadMs = () => 0,
  } = options;
  return defineSubgraph({
    name: 'alert',
    tables: [AlertRow, AlertRuleRow, HistoryRow, InstanceRow, RouteRow, SilenceRow],
    services: ({ database, streams, commands }: SubgraphDeps) => {
      const transitions = new AlertTransitions(database, aheadMs);
      const instances = new InstanceWriter(database, transitions);
      return {
        database,
        streams,
        commands,
        alerts: new Alerts(database),
        actions: new AlertActions(database, commands, transitions, instances),
        rules: new AlertRules(database, transitions, instances),
        silences: new AlertSilences(database, transitions, aheadMs),
        routes: new AlertRoutes(database, commands, new AlertGroups(database, transitions, aheadMs)),
      };
    },
    graphql: async () => (await import('./graphql/createSchema.js')).alertGraph,
    existing: {
      alert: ({ database }, context, uuids) => database.read(scopeOf(context), existingAlerts(uuids)),
      rule: ({ database }, context, uuids) => database.read(scopeOf(context), existingRules(uuids)),
      silence: ({ database }, context, uuids) => database.read(scopeOf(context), existingSilences(uuids)),
    },
    consumers: [
      {
        name: 'alert.flows',
        stream: 'flows',
        types: ['flow.failed', 'flow.finished', 'flow.cancelled'],
        handler: ({ database, logger }) => {
          const failures = new FlowFailures(database, new AlertTransitions(database, aheadMs), logger);
          return async (transaction, events) => {
            // First: evaluators hold a rule before they write events, too.
            await lookAfterDiscoveries(transaction, events);
            await failures.handle(transaction, events);
          };
        },
      },
      {
        name: 'alert.deliveries',
        stream: 'deliveries',
        types: troubleEvents,
        handler: ({ database, logger }) => {
          const trouble = new DeliveryTrouble(database, new AlertTransitions(database, aheadMs), logger);
          return (transaction, events) => trouble.handle(transaction, events);
        },
      },
      {
        name: 'alert.groups',
        stream: 'alerts',
        types: groupedEvents,
        handler: ({ database }) => {
          const groups = new AlertGroups(database, new AlertTransitions(database, aheadMs), aheadMs);
          return (transaction, events) => groups.handle(transaction, events);
        },
      },
    ],
    schedules: [
      {
        name: 'due alert rules',
        everyMs: pollMs,
        work: ({ database, commands, logger }) => {
          const transitions = new AlertTransitions(database, aheadMs);
          const evaluator = new RuleEvaluator(database, commands, transitions, logger, {
            lanes,
            catchUpTicks,
            lateHorizonMs,
            aheadMs,
          });
          return () => evaluator.evaluateDueRules();
        },
      },
      {
        name: 'acknowledgements that are over',
        everyMs: pollMs,
        work: ({ database }) => {
          const transitions = new AlertTransitions(database, aheadMs);
          return () => expireDueAcknowledgements(database, transitions, aheadMs());
        },
      },
      {
        name: 'silences that begin or end',
        everyMs: pollMs,
        work: ({ database }) => {
          const transitions = new AlertTransitions(database, aheadMs);
          return () => moveDueSilences(database, transitions, aheadMs());
        },
      },
      {
        name: 'groups of alerts that are due',
        everyMs: pollMs,
        work: ({ database }) => {
          const groups = new AlertGroups(database, new AlertTransitions(database, aheadMs), aheadMs);
          return () => groups.tellDueGroups();
        },
      },
      {
        name: 'old transitions of alert rules',
        everyMs: housekeepingMs,
        work:
          ({ database }) =>
          async () =>
            void (await deleteOldRows(database, {
              turn: 'old alert transitions',
              lookup: 'workspaces_with_old_alert_transitions',
              before: new Date(Date.now() - historyDays * dayMs),
              delete: deleteOldTransitions,
            })),
      },
    ],
  });
}

const dayMs = 86_400_000;
const housekeepingMs = 3_600_000;

/** What may be news to the people who are told of an alert. */
const groupedEvents = [
  'alert.fired',
  'alert.reopened',
  'alert.flapping',
  'alert.settled',
  'alert.escalated',
  'alert.acknowledged',
  'alert.unacknowledged',
  'alert.suppressed',
  'alert.unsuppressed',
  'alert.resolved',
] as const;
