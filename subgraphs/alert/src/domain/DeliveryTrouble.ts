import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import { deliveryEventPayload } from '@tributary/contracts/payloads';
import type { DeliveryEventPayload } from '@tributary/contracts/events';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { LoggedEvent } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import { AlertRow } from '../storage/AlertRow.js';
import { lockOpenAlerts } from '../storage/transitionStatements.js';
import type { AlertTransitions, Firing, Trigger } from './AlertTransitions.js';

/** Who it is in the audit trail. */
const part = 'alert.deliveries';

/**
 * Turns webhooks and channels to which nothing is sent any more into alerts, so that nobody has to look to find out. A person who pauses
 * one knows. The alert is resolved when the webhook or channel goes on, or is deleted.
 */
export class DeliveryTrouble {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    private readonly logger: Logger,
  ) {}

  async handle(transaction: WorkspaceTransaction, events: readonly LoggedEvent[]): Promise<void> {
    const table = this.database.table(AlertRow);
    const requestId = newUuid();
    for (const event of events) {
      const payload = this.read(transaction.workspaceId, event);
      if (!payload) continue;
      const trigger: Trigger = { actor: { kind: 'system', part }, requestId, at: event.at };
      const fingerprint = payload.webhookId ? `webhook:${payload.webhookId}` : `channel:${payload.channelId}`;
      const [known] = await transaction.query(lockOpenAlerts(table, [fingerprint]));
      if (stops(event, payload)) {
        if (!known) await this.transitions.fire(transaction, trigger, [firingOf(event, payload, fingerprint)]);
      } else if (known && goesOn.has(event.type)) {
        const reason = event.type.endsWith('.deleted') ? 'SERIES_GONE' : 'BACK_TO_NORMAL';
        await this.transitions.resolve(transaction, trigger, [known.id], reason);
      }
    }
  }

  /** Null for an event that cannot be read. */
  private read(workspaceId: string, event: LoggedEvent): DeliveryEventPayload | null {
    const parsed = deliveryEventPayload.safeParse(event.payload);
    if (parsed.success) return parsed.data;
    // It will not get better by waiting, and everything behind it would wait with it.
    this.logger.error(
      { workspaceId, sequence: event.sequence, type: event.type },
      'an event about a webhook or channel cannot be read',
    );
    return null;
  }
}

/** What the consumer hears. */
export const troubleEvents = [
  'webhook.disabled',
  'webhook.paused',
  'webhook.activated',
  'webhook.resumed',
  'webhook.deleted',
  'channel.disabled',
  'channel.restored',
  'channel.deleted',
] as const;

const goesOn: ReadonlySet<string> = new Set([
  'webhook.activated',
  'webhook.resumed',
  'webhook.deleted',
  'channel.restored',
  'channel.deleted',
]);

function stops({ type }: LoggedEvent, { data }: DeliveryEventPayload): boolean {
  return type.endsWith('.disabled') || (type === 'webhook.paused' && data['reason'] === 'OWNER_GONE');
}

const said: Readonly<Record<string, string>> = {
  GONE: 'Its receiver answered that it is gone. Resume it once it is back.',
  FAILING_TOO_LONG: 'It has taken nothing for five days.',
  OWNER_GONE: 'Whoever it belongs to may not see its events any more. Resume it to have it be yours.',
};

function firingOf(
  { type }: LoggedEvent,
  { webhookId, channelId, name, data }: DeliveryEventPayload,
  fingerprint: string,
): Firing {
  const what = webhookId ? 'Webhook' : 'Channel';
  const reason = typeof data['reason'] === 'string' ? data['reason'] : null;
  const id = webhookId ? { webhookId: encodeId('hook', webhookId) } : { channelId: encodeId('channel', channelId!) };
  return {
    fingerprint,
    severity: type.endsWith('.disabled') ? 'CRITICAL' : 'WARNING',
    title: `${what} “${name}” was ${type.endsWith('.disabled') ? 'disabled' : 'paused'}`,
    description: (reason && said[reason]) ?? 'Nothing is sent to it any more.',
    labels: { ...id, name, reason },
    value: null,
    ruleId: null,
    flowId: null,
    assetId: null,
    runbookUrl: null,
    late: false,
  };
}
