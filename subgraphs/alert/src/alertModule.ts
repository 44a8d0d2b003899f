import { decodeId, encodeId } from '@tributary/contracts/ids';
import { CommandRegistry } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import { scopeOf } from '@tributary/data';
import { Subgraph } from '@tributary/server';
import type { SubgraphDeps, SubgraphModule } from '@tributary/server';
import { AlertRules } from './domain/AlertRules.js';
import { Alerts } from './domain/Alerts.js';
import { AlertTransitions } from './domain/AlertTransitions.js';
import { FlowFailureConsumer } from './domain/FlowFailureConsumer.js';
import { Repeating } from './domain/Repeating.js';
import { RuleEvaluator } from './domain/RuleEvaluator.js';
import { createSchema } from './graphql/createSchema.js';
import { AlertRow } from './storage/AlertRow.js';
import { AlertRuleRow } from './storage/AlertRuleRow.js';
import { existingAlerts, existingRules } from './storage/existing.js';

export interface AlertOptions {
  /** Between two looks at what flows did and which rules are due. Default 1,000 ms. */
  readonly pollMs?: number;
  /** Between two evaluations of one rule. Default 10,000 ms. */
  readonly evaluateEveryMs?: number;
  /** A condition that holds on is counted as another occurrence after this, or after its window if shorter. Default 60,000 ms. */
  readonly repeatAfterMs?: number;
}

/** What needs a person: alerts raised by failed flows and by rules over agents' figures. */
export function createAlertModule(options: AlertOptions = {}): SubgraphModule {
  return {
    name: 'alert',
    entities: [AlertRow, AlertRuleRow],
    create: async ({ database, streams, commands, logger }: SubgraphDeps) => {
      const transitions = new AlertTransitions(database);
      const alerts = new Alerts(database, transitions);
      const rules = new AlertRules(database, transitions);
      const consumer = new FlowFailureConsumer(database, transitions, logger);
      const evaluator = new RuleEvaluator(database, commands, transitions, logger, {
        everyMs: options.evaluateEveryMs ?? 10_000,
        repeatAfterMs: options.repeatAfterMs ?? 60_000,
      });
      const registry = new CommandRegistry().register(existingCommand.alert, async ({ ids }, context) => {
        const scope = scopeOf(context);
        const decoded = ids.map(decodeId);
        const uuidsOf = (tag: string) => decoded.filter((id) => id.tag === tag).map((id) => id.uuid);
        const [known, knownRules] = await database.readBatch(scope, [
          existingAlerts(uuidsOf('alert')),
          existingRules(uuidsOf('rule')),
        ]);
        return [...known.map((uuid) => encodeId('alert', uuid)), ...knownRules.map((uuid) => encodeId('rule', uuid))];
      });
      const pollMs = options.pollMs ?? 1_000;
      return new Subgraph(
        {
          name: 'alert',
          graphql: createSchema({ alerts, rules, commands, streams }),
          commands: registry,
          background: [
            new Repeating('reading the life of flows', pollMs, () => consumer.catchUp(), logger),
            new Repeating('evaluating alert rules', pollMs, () => evaluator.evaluateDueRules(), logger),
          ],
        },
        logger,
      );
    },
  };
}

export const alertModule = createAlertModule();
