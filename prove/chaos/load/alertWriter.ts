import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, uuidIn, type History } from '../history/History.ts';
import type { Session } from './Session.ts';

const openAlerts = `query { alerts(first: 20, filter: { status: [FIRING, ACKNOWLEDGED] }) { nodes { id status } } }`;
const acknowledge = `mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { id } } }`;
const resolve = `mutation ($input: ResolveAlertInput!) { resolveAlert(input: $input) { alert { id } } }`;
const pauseMs = 400;

/** The person on duty: acknowledges every alert that fires, and resolves it later. Ends when the signal is aborted. */
export async function answerAlerts(session: Session, history: History, signal: AbortSignal): Promise<void> {
  const stream = `${session.workspace.id}/alerts`;
  while (!signal.aborted) {
    const { alerts } = await session.insist(openAlerts, {});
    for (const { id, status } of alerts?.nodes ?? []) {
      if (signal.aborted) return;
      const fires = status === 'FIRING';
      const input = { id, comment: 'seen', idempotencyKey: `${id}-${fires ? 'acknowledge' : 'resolve'}` };
      await session.insist(fires ? acknowledge : resolve, { input });
      history.acknowledge(
        stream,
        identityOf(fires ? 'alert.acknowledged' : 'alert.resolved', uuidIn(id as string), null),
      );
    }
    await delay(pauseMs);
  }
}
