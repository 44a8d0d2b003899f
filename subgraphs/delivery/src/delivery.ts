import { CommandRegistry } from '@tributary/commands';
import { webhookToDeliverCommand } from '@tributary/contracts/commands';
import { deleteOldRows } from '@tributary/data';
import { hintPattern } from '@tributary/events';
import { defineSubgraph } from '@tributary/server';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { Deliveries } from './domain/delivery/Deliveries.js';
import { PositionWorker } from './domain/delivery/PositionWorker.js';
import { Outgoing } from './domain/outgoing/Outgoing.js';
import { publicOnly, rulesOf } from './domain/outgoing/OutgoingSettings.js';
import type { OutgoingSettings } from './domain/outgoing/OutgoingSettings.js';
import { Replays } from './domain/Replays.js';
import { WebhookFacts } from './domain/WebhookFacts.js';
import { Webhooks } from './domain/Webhooks.js';
import { deliveryGraphql, deliveryReferences } from './graphql/createSchema.js';
import { deleteAttempts } from './storage/attemptStatements.js';
import { deliveryEncryptedColumns } from './storage/encryptedColumns.js';
import { WebhookRow } from './storage/WebhookRow.js';

export interface DeliveryOptions {
  /** Where webhooks may go. Default: to public addresses. */
  readonly outgoing?: OutgoingSettings;
  /** Between two looks what is due, for hints that got lost. Default 250 ms. */
  readonly pollMs?: number;
}

const attemptsKeptMs = 7 * 86_400_000;
/** Streams that are told of by hints here; those of one flow are found by the next look. */
const heard = ['flows', 'alerts'] as const;

/** What is handed to receivers outside: webhooks, and the only work that dials out. */
export function deliverySubgraph({ outgoing = publicOnly, pollMs = 250 }: DeliveryOptions = {}): SubgraphDefinition {
  const rules = rulesOf(outgoing);
  return defineSubgraph({
    name: 'delivery',
    tables: [WebhookRow],
    encryptedColumns: deliveryEncryptedColumns,
    services: ({ database, commands }: SubgraphDeps) => {
      const webhooks = new Webhooks(database, commands, rules);
      return { database, webhooks, facts: new WebhookFacts(database), replays: new Replays(database, webhooks) };
    },
    graphql: deliveryGraphql,
    references: deliveryReferences,
    existing: { hook: ({ webhooks }, context, uuids) => webhooks.existing(context, uuids) },
    commands: ({ webhooks }) =>
      new CommandRegistry().register(webhookToDeliverCommand, ({ webhookId }, context) =>
        webhooks.toDeliver(context, webhookId),
      ),
    schedules: [
      {
        name: 'deliveries',
        everyMs: pollMs,
        runs: 'delivery',
        work: ({ database, commands, bus, logger }) => {
          const worker = new PositionWorker({ database, commands, outgoing: new Outgoing(rules), logger });
          const deliveries = new Deliveries({ database, worker, logger });
          for (const log of heard)
            bus
              .subscribePattern(hintPattern(log), () => void deliveries.begin().catch(() => undefined))
              .catch((err: unknown) => logger.debug({ err }, 'hints are not heard; the next look finds what is due'));
          return () => deliveries.begin();
        },
      },
      {
        name: 'old webhook attempts',
        everyMs: 600_000,
        work:
          ({ database }) =>
          async () =>
            void (await deleteOldRows(database, {
              turn: 'webhook attempts',
              lookup: 'workspaces_with_old_webhook_attempts',
              before: new Date(Date.now() - attemptsKeptMs),
              delete: deleteAttempts,
            })),
      },
    ],
  });
}
