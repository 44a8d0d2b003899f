import { z } from 'zod';
import { Webhook } from 'standardwebhooks';
import type { NotificationPayload } from '@tributary/contracts/events';
import { encodeId } from '@tributary/contracts/ids';
import { alertmanagerBody } from '../delivery/alertmanagerBody.js';
import type { Adapter, OpenChannel } from './Adapter.js';
import { checkedSettings, refusedSecret } from './checkedSettings.js';
import { interpretHttp } from './interpretHttp.js';

const form = z.strictObject({
  url: z.string().max(2_000),
  format: z.enum(['STANDARD', 'ALERTMANAGER']).default('STANDARD'),
});

/** Any receiver of HTTP: Standard Webhooks, or what Alertmanager sends, so that receivers of that work as they are. */
export const webhookAdapter: Adapter = {
  check({ settings, secret }, { url }) {
    const checked = checkedSettings(form, settings);
    if (secret !== null && !/^[\x21-\x7e]{8,200}$/.test(secret))
      throw refusedSecret(
        'Give a key to sign with (whsec_…), or a token that is sent as Bearer: 8 to 200 characters of ASCII.',
      );
    if (secret?.startsWith('whsec_')) signable(secret);
    return { ...checked, url: url(checked.url) };
  },

  render(channel, { notification, id, at }) {
    const { url, format } = form.parse(channel.settings);
    const body = JSON.stringify(
      format === 'ALERTMANAGER' ? alertmanagerBody(groupOf(channel, notification)) : standardBody(notification, at),
    );
    const { secret } = channel;
    const seconds = String(Math.floor(at.getTime() / 1_000));
    const known: Record<string, string> =
      secret === null
        ? {}
        : secret.startsWith('whsec_')
          ? { 'webhook-signature': new Webhook(secret).sign(id, at, body) }
          : { authorization: `Bearer ${secret}` };
    const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': seconds, ...known };
    return [{ by: 'http', url, headers, body }];
  },

  interpret: interpretHttp,
};

function standardBody(notification: NotificationPayload, at: Date): object {
  const { alerts, channelIds: _channelIds, ...data } = notification;
  return {
    type: `notification.${notification.kind.toLowerCase()}`,
    timestamp: at.toISOString(),
    data: { ...data, alerts: alerts.map(({ alertId, ...alert }) => ({ id: encodeId('alert', alertId), ...alert })) },
  };
}

function groupOf({ name }: OpenChannel, { groupKey, group, alerts, total }: NotificationPayload) {
  return { receiver: name, groupKey, groupLabels: group, truncatedAlerts: total - alerts.length, alerts };
}

function signable(secret: string): void {
  try {
    new Webhook(secret);
  } catch {
    throw refusedSecret('What follows whsec_ must be base64.');
  }
}
