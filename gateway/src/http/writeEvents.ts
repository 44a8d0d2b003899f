import type { ServerResponse } from 'node:http';
import { serialised } from '../operations/serialised.js';
import { StreamFailure, type FormattedResult } from '../operations/operationOutcome.js';

/** How a kind of stream puts things on the wire. */
export interface EventFrames {
  readonly contentType: string;
  readonly first: string;
  event(result: FormattedResult): string;
  failure(errors: FormattedResult['errors']): string;
  readonly heartbeat: string;
  readonly end: string;
}

/** Server-sent events as graphql-sse's "distinct connections" mode has them. */
export const eventStreamFrames: EventFrames = {
  contentType: 'text/event-stream; charset=utf-8',
  // Some browsers hand out a response only when its first byte is there.
  first: ':\n\n',
  event: (result) => `event: next\ndata: ${serialised(result)}\n\n`,
  failure: (errors) => `event: next\ndata: ${JSON.stringify({ errors })}\n\n`,
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
};

const jsonPart = '--graphql\r\ncontent-type: application/json\r\n\r\n';

/** Apollo's multipart protocol for subscriptions, `subscriptionSpec=1.0`. */
export const multipartFrames: EventFrames = {
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
  first: '\r\n',
  event: (result) => `${jsonPart}{"payload":${serialised(result)}}\r\n`,
  failure: (errors) => `${jsonPart}${JSON.stringify({ payload: null, errors })}\r\n`,
  heartbeat: `${jsonPart}{}\r\n`,
  end: '--graphql--\r\n',
};

/** Writes events as fast as the client reads them, and ends when they end or the client goes. Never throws. */
export async function writeEvents(
  response: ServerResponse,
  events: AsyncGenerator<FormattedResult, void, void>,
  frames: EventFrames,
  keepAliveMs: number,
): Promise<void> {
  response.writeHead(200, {
    'content-type': frames.contentType,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(frames.first);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(frames.heartbeat);
  }, keepAliveMs);
  heartbeat.unref();
  let cut = false;
  try {
    for await (const event of events) {
      if (response.destroyed) return;
      if (!response.write(frames.event(event))) await drained(response);
    }
  } catch (error) {
    if (!(error instanceof StreamFailure)) throw error;
    response.write(frames.failure(error.errors));
    cut = error.cuts;
  } finally {
    clearInterval(heartbeat);
    if (cut) response.socket?.destroySoon();
    else response.end(frames.end);
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
