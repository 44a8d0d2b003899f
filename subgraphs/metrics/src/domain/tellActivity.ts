import { encodeId } from '@tributary/contracts/ids';
import { alertEventPayload, batchCostsPayload, flowEventPayload } from '@tributary/contracts/payloads';
import type { ActivityKind } from '@tributary/contracts/values';
import type { EventPayload, LoggedEvent } from '@tributary/events';

/** What is told of an item of the activity. */
interface Told {
  readonly data: Readonly<Record<string, unknown>>;
  /** Public ids of what it is about. */
  readonly flowId: string | null;
  readonly alertId: string | null;
}

const nothing: Told = { data: {}, flowId: null, alertId: null };
const namedAgents = 5;

/** Of an event that a newer version wrote, and that cannot be read, its type and time are told. */
export function tellActivity(kind: ActivityKind, events: readonly LoggedEvent[]): Told {
  if (kind === 'TRACES') return { ...nothing, data: tellBatches(events.map(({ payload }) => payload)) };
  const { payload } = events.at(-1)!;
  return kind === 'FLOWS' ? tellFlow(payload) : tellAlert(payload);
}

function tellFlow(payload: EventPayload): Told {
  const flow = flowEventPayload.safeParse(payload).data;
  if (!flow) return nothing;
  const { flowId, name, kind, status, phase, progress, message } = flow;
  return { ...nothing, flowId: encodeId('flow', flowId), data: { name, kind, status, phase, progress, message } };
}

function tellAlert(payload: EventPayload): Told {
  const alert = alertEventPayload.safeParse(payload).data;
  if (!alert) return nothing;
  const flowId = alert.flowId === null ? null : encodeId('flow', alert.flowId);
  return { alertId: encodeId('alert', alert.alertId), flowId, data: alert.data };
}

function tellBatches(payloads: readonly EventPayload[]): Record<string, unknown> {
  const batches = payloads.flatMap((payload) => batchCostsPayload.safeParse(payload).data ?? []);
  const byAgent = new Map<string, number>();
  let restNano = 0;
  for (const { costs, restNano: rest } of batches) {
    restNano += Number(rest);
    for (const { agent, nano } of costs) byAgent.set(agent, (byAgent.get(agent) ?? 0) + Number(nano));
  }
  const dearest = [...byAgent].sort(([, one], [, other]) => other - one);
  const nano = dearest.reduce((sum, [, cost]) => sum + cost, restNano);
  return {
    traces: batches.reduce((sum, { accepted }) => sum + accepted, 0),
    batches: payloads.length,
    costUsd: nano / 1e9,
    agents: dearest.slice(0, namedAgents).map(([agent]) => agent),
  };
}
