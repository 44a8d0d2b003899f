import type { Database, TenantScope } from '@tributary/data';
import { readForward } from '@tributary/events';
import type { StreamId } from '@tributary/contracts/events';

/** What each event behind `after` is about, by its number: a flow, an alert or a webhook. */
export async function entitiesOf(
  database: Database,
  scope: TenantScope,
  log: StreamId,
  after: number,
  count: number,
): Promise<ReadonlyMap<number, string>> {
  const events = await database.read(scope, readForward(log, after, count));
  return new Map(events.map(({ sequence, payload }) => [sequence, nameOf(payload) ?? log]));
}

function nameOf(payload: unknown): string | null {
  const { alertId, flowId, webhookId } = payload as Readonly<Record<string, unknown>>;
  const found = alertId ?? flowId ?? webhookId;
  return typeof found === 'string' ? found : null;
}
