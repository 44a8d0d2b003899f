import { z } from 'zod';
import type { NotificationPayload } from '@tributary/contracts/events';
import type { Adapter } from './Adapter.js';
import { checkedSettings, refusedSecret } from './checkedSettings.js';
import { groupHash } from './groupHash.js';
import { interpretHttp } from './interpretHttp.js';
import { summaryOf } from './summary.js';

const form = z.strictObject({
  /** Of another region than the usual one. */
  url: z.string().max(2_000).optional(),
});
const usual = 'https://events.pagerduty.com/v2/enqueue';
const severities = { INFO: 'info', WARNING: 'warning', CRITICAL: 'critical' } as const;

/** PagerDuty, Events API v2: one incident for each group of alerts, which is over when all of them are. */
export const pagerDutyAdapter: Adapter = {
  check({ settings, secret }, { url }) {
    const checked = checkedSettings(form, settings);
    if (secret === null || !/^[0-9A-Za-z]{16,64}$/.test(secret))
      throw refusedSecret('Give the routing key of an integration of Events API v2.');
    return checked.url === undefined ? {} : { url: url(checked.url) };
  },

  render(channel, { notification, at }) {
    const { url = usual } = form.parse(channel.settings);
    const { subject, lines } = summaryOf(notification);
    const { alerts, route, group, total } = notification;
    const action = actionOf(notification);
    const body = {
      routing_key: channel.secret,
      event_action: action,
      dedup_key: groupHash(channel, notification),
      ...(action === 'trigger'
        ? {
            client: 'Tributary',
            links: alerts
              .flatMap(({ runbookUrl, title }) => (runbookUrl ? [{ href: runbookUrl, text: title }] : []))
              .slice(0, 10),
            payload: {
              summary: subject.slice(0, 1_024),
              source: 'tributary',
              severity: severities[gravestOpen(notification)],
              timestamp: at.toISOString(),
              group: route,
              custom_details: { alerts: lines, total, group },
            },
          }
        : {}),
    };
    return { by: 'http', url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  },

  interpret: interpretHttp,
};

function actionOf({ alerts }: NotificationPayload): 'trigger' | 'acknowledge' | 'resolve' {
  const open = alerts.filter(({ status }) => status !== 'RESOLVED');
  if (open.length === 0) return 'resolve';
  return open.every(({ status }) => status === 'ACKNOWLEDGED') ? 'acknowledge' : 'trigger';
}

function gravestOpen({ alerts }: NotificationPayload): keyof typeof severities {
  const open = alerts.filter(({ status }) => status !== 'RESOLVED').map(({ severity }) => severity);
  return open.includes('CRITICAL') ? 'CRITICAL' : open.includes('WARNING') ? 'WARNING' : 'INFO';
}
