import type { Database } from '@tributary/data';
import { gauge } from '@tributary/observability';

const lagSeconds = gauge(
  'tributary_delivery_lag_seconds',
  'Age of the oldest event that is still to be sent, of webhooks and channels whose receivers answer, and of those in trouble; 0 when there is none.',
  ['kind', 'status'],
);
const waiting = gauge(
  'tributary_delivery_waiting',
  'Webhooks and channels with something still to be sent, by whether their receivers answer.',
  ['kind', 'status'],
);
const kinds = ['webhook', 'channel'] as const;
/** Nothing is sent in any other. */
const statuses = ['ACTIVE', 'FAILING'] as const;

/** Tells how far deliveries are behind, over workspaces. */
export async function measureLag(database: Database, now: () => number = Date.now): Promise<void> {
  const rows = await database.lookup('delivery_lag', []);
  for (const kind of kinds) {
    for (const status of statuses) {
      const row = rows.find((each) => each['kind'] === kind && each['status'] === status);
      const oldest = row?.['oldest'] as Date | undefined;
      lagSeconds.set({ kind, status }, oldest ? Math.max(0, (now() - oldest.getTime()) / 1_000) : 0);
      waiting.set({ kind, status }, Number(row?.['waiting'] ?? 0));
    }
  }
}
