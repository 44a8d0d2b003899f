import type { NotificationPayload } from '@tributary/contracts/events';

/** What a test says: an alert that is over already, so that nobody is got out of bed by it. */
export function testNotification(channelId: string, at: Date): NotificationPayload {
  const moment = at.toISOString();
  return {
    kind: 'FIRED',
    route: 'test',
    groupKey: `test/${channelId}`,
    group: {},
    step: 0,
    channelIds: [channelId],
    alerts: [
      {
        alertId: channelId,
        fingerprint: 'test',
        title: 'A test of this channel',
        description: 'Somebody asked for it in Tributary. Nothing is wrong.',
        severity: 'INFO',
        status: 'RESOLVED',
        labels: { test: 'true' },
        value: null,
        firedAt: moment,
        resolvedAt: moment,
        runbookUrl: null,
      },
    ],
    total: 1,
  };
}
