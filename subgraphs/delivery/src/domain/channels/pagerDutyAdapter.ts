import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NotifiedAlert } from '@tributary/contracts/events';
import type { Adapter, OpenChannel } from './Adapter.js';
import { checkedSettings, refusedSecret } from './checkedSettings.js';
import { interpretHttp } from './interpretHttp.js';
import { lineOf } from './summary.js';

const form = z.strictObject({
  /** Of another region than the usual one. */
  url: z.string().max(2_000).optional(),
});
const usual = 'https://events.pagerduty.com/v2/enqueue';
const severities = { INFO: 'info', WARNING: 'warning', CRITICAL: 'critical' } as const;
const actions = { FIRING: 'trigger', ACKNOWLEDGED: 'acknowledge', RESOLVED: 'resolve' } as const;
const longestKey = 255;

/** PagerDuty, Events API v2: one incident for each fingerprint, which its alert triggers, acknowledges and resolves. What comes twice changes nothing there. */
export const pagerDutyAdapter: Adapter = {
  check({ settings, secret }, { url }) {
    const checked = checkedSettings(form, settings);
    if (secret === null || !/^[0-9A-Za-z]{16,64}$/.test(secret))
      throw refusedSecret('Give the routing key of an integration of Events API v2.');
    return checked.url === undefined ? {} : { url: url(checked.url) };
  },

  render(channel, { notification, at }) {
    const { url = usual } = form.parse(channel.settings);
    const { alerts, kind, route, group } = notification;
    return alerts.map((alert) => {
      // An incident that nobody would end any more is none of this service's.
      const action = kind === 'MOVED' ? 'resolve' : actions[alert.status];
      const body = {
        routing_key: channel.secret,
        event_action: action,
        dedup_key: incidentOf(channel, alert),
        ...(action === 'trigger'
          ? {
              client: 'Tributary',
              links: alert.runbookUrl ? [{ href: alert.runbookUrl, text: 'Runbook' }] : [],
              payload: {
                summary: lineOf(alert).slice(0, 1_024),
                source: 'tributary',
                severity: severities[alert.severity],
                timestamp: at.toISOString(),
                group: route,
                custom_details: { ...alert.labels, ...group, value: alert.value, firedAt: alert.firedAt },
              },
            }
          : {}),
      };
      return { by: 'http', url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    });
  },

  interpret: interpretHttp,
};

/** The same for all that is said of one fingerprint, and no other workspace's. */
function incidentOf({ workspaceId }: OpenChannel, { fingerprint }: NotifiedAlert): string {
  const whole = `${workspaceId}/${fingerprint}`;
  return whole.length <= longestKey ? whole : createHash('sha256').update(whole).digest('hex');
}
