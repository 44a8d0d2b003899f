import { scopeOf } from '@tributary/data';
import { defineSubgraph } from '@tributary/server';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { AlertRules } from './domain/AlertRules.js';
import { Alerts } from './domain/Alerts.js';
import { AlertTransitions } from './domain/AlertTransitions.js';
import { FlowFailures } from './domain/FlowFailures.js';
import { RuleEvaluator } from './domain/RuleEvaluator.js';
import { alertGraphql, alertReferences } from './graphql/createSchema.js';
import { AlertRow } from './storage/AlertRow.js';
import { AlertRuleRow } from './storage/AlertRuleRow.js';
import { existingAlerts, existingRules } from './storage/existingStatements.js';

export interface AlertOptions {
  /** Between two looks which rules are due. Default 1,000 ms. */
  readonly pollMs?: number;
  /** Between two evaluations of one rule. Default 10,000 ms. */
  readonly evaluateEveryMs?: number;
  /** A condition that holds on is counted as another occurrence after this, or after its window if shorter. Default 60,000 ms. */
  readonly repeatAfterMs?: number;
}

/** What needs a person: alerts raised by failed flows and by rules over agents' figures. */
export function alertSubgraph(options: AlertOptions = {}): SubgraphDefinition {
  const { pollMs = 1_000, evaluateEveryMs = 10_000, repeatAfterMs = 60_000 } = options;
  return defineSubgraph({
    name: 'alert',
    tables: [AlertRow, AlertRuleRow],
    services: ({ database, streams, commands }: SubgraphDeps) => {
      const transitions = new AlertTransitions(database);
      return {
        database,
        streams,
        commands,
        alerts: new Alerts(database, transitions),
        rules: new AlertRules(database, transitions),
      };
    },
    graphql: alertGraphql,
    references: alertReferences,
    existing: {
      alert: ({ database }, context, uuids) => database.read(scopeOf(context), existingAlerts(uuids)),
      rule: ({ database }, context, uuids) => database.read(scopeOf(context), existingRules(uuids)),
    },
    consumers: [
      {
        name: 'alert.flows',
        stream: 'flows',
        types: ['flow.failed', 'flow.finished', 'flow.cancelled'],
        handler: ({ database, logger }) => {
          const failures = new FlowFailures(database, new AlertTransitions(database), logger);
          return (transaction, events) => failures.handle(transaction, events);
        },
      },
    ],
    schedules: [
      {
        name: 'due alert rules',
        everyMs: pollMs,
        work: ({ database, commands, logger }) => {
          const transitions = new AlertTransitions(database);
          const evaluator = new RuleEvaluator(database, commands, transitions, logger, {
            everyMs: evaluateEveryMs,
            repeatAfterMs,
          });
          return () => evaluator.evaluateDueRules();
        },
      },
    ],
  });
}
