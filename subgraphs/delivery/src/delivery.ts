import { CommandRegistry } from '@tributary/commands';
import { webhookFiguresCommand, webhookToDeliverCommand } from '@tributary/contracts/commands';
import { deleteOldRows } from '@tributary/data';
import type { Database } from '@tributary/data';
import { hintPattern } from '@tributary/events';
import { declareJob, defineSubgraph } from '@tributary/server/declare';
import type { Logger } from '@tributary/observability';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { Channels } from './domain/channels/Channels.js';
import { ChannelWorker } from './domain/channels/ChannelWorker.js';
import { NotificationsSent } from './domain/channels/NotificationsSent.js';
import { Deliveries } from './domain/delivery/Deliveries.js';
import { measureLag } from './domain/delivery/measureLag.js';
import { PositionWorker } from './domain/delivery/PositionWorker.js';
import { Mailer } from './domain/outgoing/Mailer.js';
import { Outgoing } from './domain/outgoing/Outgoing.js';
import { publicOnly, rulesOf } from './domain/outgoing/OutgoingSettings.js';
import type { OutgoingSettings } from './domain/outgoing/OutgoingSettings.js';
import { Replays } from './domain/Replays.js';
import { tellAdmins } from './domain/tellAdmins.js';
import { tellAdminsJob } from './domain/tellAdminsJob.js';
import { WebhookFacts } from './domain/WebhookFacts.js';
import { webhookFiguresOf } from './domain/webhookFiguresOf.js';
import { Webhooks } from './domain/Webhooks.js';
import { deleteAttempts } from './storage/attemptStatements.js';
import { deliveryEncryptedColumns } from './storage/encryptedColumns.js';
import { ChannelRow } from './storage/ChannelRow.js';
import { deleteNotifications } from './storage/notificationStatements.js';
import { WebhookRow } from './storage/WebhookRow.js';

export interface DeliveryOptions {
  /** Where webhooks may go. Default: to public addresses. */
  readonly outgoing?: OutgoingSettings;
  /** Between two looks what is due, for hints that got lost. Default 250 ms. */
  readonly pollMs?: number;
}

const dayMs = 86_400_000;
const attemptsKeptMs = 7 * dayMs;
const notificationsKeptMs = 90 * dayMs;
/** Streams that are told of by hints here; those of one flow are found by the next look. */
const heard = ['flows', 'alerts', 'deliveries', 'notifications'] as const;

/** What is handed to receivers outside: webhooks, and the only work that dials out. */
export function deliverySubgraph({ outgoing = publicOnly, pollMs = 250 }: DeliveryOptions = {}): SubgraphDefinition {
  const rules = rulesOf(outgoing);
  return defineSubgraph({
    name: 'delivery',
    tables: [WebhookRow, ChannelRow],
    encryptedColumns: deliveryEncryptedColumns,
    services: ({ database, streams, commands }: SubgraphDeps) => {
      const webhooks = new Webhooks(database, commands, rules);
      return {
        database,
        streams,
        commands,
        webhooks,
        facts: new WebhookFacts(database),
        replays: new Replays(database, webhooks),
        channels: new Channels(database, rules),
        sent: new NotificationsSent(database),
      };
    },
    graphql: async () => (await import('./graphql/createSchema.js')).deliveryGraph,
    existing: {
      hook: ({ webhooks }, context, uuids) => webhooks.existing(context, uuids),
      channel: ({ channels }, context, uuids) => channels.existing(context, uuids),
    },
    commands: ({ webhooks, database }) =>
      new CommandRegistry()
        .register(webhookToDeliverCommand, ({ webhookId }, context) => webhooks.toDeliver(context, webhookId))
        .register(webhookFiguresCommand, (input, context) => webhookFiguresOf(database, context, input)),
    jobs: [
      declareJob({
        job: tellAdminsJob,
        handler: ({ database, commands }) =>
          tellAdmins({ database, commands, mailer: rules.mail && new Mailer(rules.mail) }),
      }),
    ],
    schedules: [
      {
        name: 'deliveries',
        everyMs: pollMs,
        runs: 'delivery',
        work: ({ database, commands, bus, logger }) => {
          const outgoing = new Outgoing(rules);
          const mailer = rules.mail && new Mailer(rules.mail);
          const webhooks = new PositionWorker({ database, commands, outgoing, logger });
          const channels = new ChannelWorker({ database, outgoing, mailer, logger });
          const begin = dueWork(database, webhooks, channels, logger);
          for (const log of heard)
            bus
              .subscribePattern(hintPattern(log), () => void begin().catch(() => undefined))
              .catch((err: unknown) => logger.debug({ err }, 'hints are not heard; the next look finds what is due'));
          return begin;
        },
      },
      {
        name: 'how far deliveries are behind',
        everyMs: 15_000,
        runs: 'delivery',
        work:
          ({ database }) =>
          () =>
            measureLag(database),
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
      {
        name: 'old notifications',
        everyMs: 600_000,
        work:
          ({ database }) =>
          async () =>
            void (await deleteOldRows(database, {
              turn: 'notifications',
              lookup: 'workspaces_with_old_notifications',
              before: new Date(Date.now() - notificationsKeptMs),
              delete: deleteNotifications,
            })),
      },
    ],
  });
}

/** Begins what is due of both; a channel waits for no webhook. */
function dueWork(database: Database, webhooks: PositionWorker, channels: ChannelWorker, logger: Logger) {
  const ofWebhooks = new Deliveries({
    logger,
    due: async (most) =>
      (await database.lookup('due_deliveries', [most])).map((row) => {
        const [workspaceId, webhookId, replayId] = [
          row['workspace_id'],
          row['webhook_id'],
          row['replay_id'],
        ] as string[];
        return {
          key: `${webhookId}/${replayId}`,
          owner: workspaceId!,
          work: () => webhooks.work(workspaceId!, webhookId!, replayId!),
        };
      }),
  });
  const ofChannels = new Deliveries({
    logger,
    due: async (most) =>
      (await database.lookup('due_channels', [most])).map((row) => {
        const [workspaceId, channelId] = [row['workspace_id'], row['channel_id']] as string[];
        const isTest = row['is_test'] === true;
        return {
          key: `${channelId}/${isTest}`,
          owner: workspaceId!,
          work: () => channels.work(workspaceId!, channelId!, isTest),
        };
      }),
  });
  return async () => void (await Promise.all([ofWebhooks.begin(), ofChannels.begin()]));
}
