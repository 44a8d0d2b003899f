import { setTimeout as delay } from 'node:timers/promises';
import { operationOf, positionOf, take, type GivenEvent, type Reading } from './reading.ts';

/** Longer than the heartbeats of the product are apart. */
const silenceMs = 16_000;

/** Server-sent events over plain HTTP; takes whatever comes, and comes back with its last cursor to whichever gateway is next. */
export async function readEventStream(reading: Reading): Promise<void> {
  while (!reading.signal.aborted) {
    await readOnce(reading).catch(() => undefined);
    if (!reading.signal.aborted) await delay(50 + Math.random() * 350);
  }
}

async function readOnce(reading: Reading): Promise<void> {
  const { session, field, signal } = reading;
  const hung = new AbortController();
  let silence = setTimeout(() => hung.abort(), silenceMs);
  try {
    const response = await fetch(`${session.origin()}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: await session.authorization(),
      },
      body: JSON.stringify({ query: operationOf(reading), variables: { after: positionOf(reading) } }),
      signal: AbortSignal.any([signal, hung.signal]),
    });
    if (!response.ok || !response.body) return;
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(silence);
      silence = setTimeout(() => hung.abort(), silenceMs);
      const frames = (text + chunk).split('\n\n');
      text = frames.pop()!;
      for (const frame of frames) {
        const data = /^data: ?(.+)$/m.exec(frame)?.[1];
        if (!data) continue;
        const event = (JSON.parse(data) as { data?: Record<string, GivenEvent | null> | null }).data?.[field];
        if (!event || signal.aborted) return;
        await take(reading, event);
      }
    }
  } finally {
    clearTimeout(silence);
  }
}
