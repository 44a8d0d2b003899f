import { randomBytes } from 'node:crypto';
import type { NotificationPayload, NotifiedAlert } from '@tributary/contracts/events';
import type { Principal } from '@tributary/contracts/principal';
import { Keyring } from '@tributary/data/encryption';
import { appendEvents } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { metricsText } from '@tributary/observability';
import { ask, startSubgraphWorld, type SubgraphWorld } from '@tributary/kit/world';
import { deliverySubgraph } from '@tributary/subgraph-delivery';
import type { OutgoingSettings } from '@tributary/subgraph-delivery';
import pg from 'pg';
import { ChannelWorker } from '../src/domain/channels/ChannelWorker.js';
import { measureLag } from '../src/domain/delivery/measureLag.js';
import type { MailSettings } from '../src/domain/outgoing/Mailer.js';
import { Mailer } from '../src/domain/outgoing/Mailer.js';
import { Outgoing } from '../src/domain/outgoing/Outgoing.js';
import { rulesOf } from '../src/domain/outgoing/OutgoingSettings.js';

/** The delivery subgraph on a database of its own, whose receivers are on this machine. Nothing is sent until the test says so. */
export class DeliveryWorld implements AsyncDisposable {
  /** By how much the clock is ahead: how tests wait. */
  aheadMs = 0;
  private readonly outgoing: Outgoing;
  private readonly channels: ChannelWorker;

  private constructor(
    private readonly opened: SubgraphWorld,
    settings: OutgoingSettings,
  ) {
    this.outgoing = new Outgoing(rulesOf(settings));
    this.channels = new ChannelWorker({
      database: opened.database,
      outgoing: this.outgoing,
      mailer: settings.mail && new Mailer(settings.mail),
      logger: opened.logger,
      now: () => Date.now() + this.aheadMs,
      chance: () => 0.5,
    });
  }

  static async start(mail: MailSettings | null = null): Promise<DeliveryWorld> {
    const settings = { ports: [443], networks: ['127.0.0.0/8'], proxyUrl: null, mail };
    const keyring = new Keyring(() => `test:${randomBytes(32).toString('base64')}`);
    return new DeliveryWorld(await startSubgraphWorld(deliverySubgraph({ outgoing: settings }), { keyring }), settings);
  }

  async get(principal: Principal, query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await ask(this.opened, principal, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  ask(principal: Principal, query: string, variables: Record<string, unknown> = {}): ReturnType<typeof ask> {
    return ask(this.opened, principal, query, variables);
  }

  /** Decides that people are told, as routes do. */
  async decide(workspaceId: string, told: Partial<NotificationPayload>): Promise<void> {
    const alerts = told.alerts ?? [anAlert()];
    const payload: NotificationPayload = {
      kind: 'FIRED',
      route: 'On call',
      groupKey: 'route/group',
      group: {},
      step: 0,
      channelIds: [],
      total: alerts.length,
      ...told,
      alerts,
    };
    await this.opened.database.withWorkspace({ workspaceId }, async (transaction) =>
      appendEvents(transaction, 'notifications', [{ type: 'notification.due', payload }]),
    );
  }

  /** Sends what is due by channels, once. */
  async sendDue(): Promise<void> {
    for (const row of await this.opened.database.lookup('due_channels', [100])) {
      const [workspaceId, channelId] = [row['workspace_id'], row['channel_id']] as string[];
      await this.channels.work(workspaceId!, channelId!, row['is_test'] === true);
    }
  }

  /** What is watched of deliveries, as a figure by the labels of it. */
  async lag(kind: string, status: string): Promise<{ readonly waiting: number; readonly seconds: number }> {
    await measureLag(this.opened.database, () => Date.now() + this.aheadMs);
    const text = await metricsText();
    const figure = (name: string) =>
      Number(new RegExp(`^tributary_delivery_${name}{kind="${kind}",status="${status}"} (\\S+)`, 'm').exec(text)?.[1]);
    return { waiting: figure('waiting'), seconds: figure('lag_seconds') };
  }

  /** Lets time pass for all that waits. */
  async pass(seconds: number): Promise<void> {
    this.aheadMs += seconds * 1_000;
    await this.superuser(
      `update channel_position set next_attempt_at = next_attempt_at - $1::integer * interval '1 second', lease_until = null`,
      [seconds],
    );
  }

  /** Rows that the tenant's lock would hide. */
  async superuser(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.opened.testDatabase.superuserUrl });
    await client.connect();
    try {
      return (await client.query(text, values)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.outgoing[Symbol.asyncDispose]();
    await this.opened[Symbol.asyncDispose]();
  }
}

export function anAlert(given: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    alertId: newUuid(),
    fingerprint: 'rule:1',
    title: 'Error rate is high',
    description: 'It is 12 %.',
    severity: 'CRITICAL',
    status: 'FIRING',
    labels: { agent: 'classifier', threshold: 5 },
    value: 12,
    firedAt: '2026-11-27T15:03:58.100Z',
    resolvedAt: null,
    runbookUrl: 'https://runbooks.example.com/errors',
    ...given,
  };
}
