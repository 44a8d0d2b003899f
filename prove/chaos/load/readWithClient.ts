import { createTributaryClient, type StreamEvent, type TributaryClient } from '@tributary/client';
import { WebSocket } from 'ws';
import { take, type Reading } from './reading.ts';
import type { Session } from './Session.ts';

/** The product's own client, made for a network that breaks all the time. */
export function impatientClient(session: Session, origin: string, maxUnread = 256): TributaryClient {
  return createTributaryClient({
    url: `${origin}/graphql`,
    webSocketImpl: WebSocket,
    authorization: () => session.authorization(),
    connectTimeoutMs: 4_000,
    pingAfterMs: 2_000,
    pongTimeoutMs: 3_000,
    retry: { minDelayMs: 100, maxDelayMs: 1_000 },
    maxUnread,
  });
}

/** Reads with it until the signal is aborted. An end before that is written down. */
export async function readWithClient(client: TributaryClient, reading: Reading): Promise<void> {
  const { field, flowId, signal, selection, history } = reading;
  if (field === 'activityUpdated')
    throw new Error('The client has no iteration of the activity: read it by other means.');
  const options = { signal, ...(selection ? { selection } : {}) };
  const events: AsyncIterable<StreamEvent> =
    field === 'flowProgress' ? client.flowProgress(flowId!, options) : client[field](options);
  try {
    for await (const event of events) await take(reading, event);
    if (!signal.aborted) history.ended = 'the iteration ended';
  } catch (error) {
    if (!signal.aborted) history.ended = String(error);
  }
}
