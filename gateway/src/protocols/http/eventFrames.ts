import type { FormattedError } from '../../result/formatError.js';
import { serialised } from '../../result/serialised.js';
import type { FormattedResult } from '../../result/operationOutcome.js';

/** How a kind of stream over HTTP puts things on the wire. */
export interface EventFrames {
  readonly contentType: string;
  readonly first: string;
  /** `cursor`: of the event, when it belongs to a stream. */
  event(result: FormattedResult, cursor: string | null): string;
  /** The operation was refused: nothing of it came before. */
  refusal(errors: readonly FormattedError[]): string;
  /** The stream cannot go on, for a reason that is not the operation's. */
  failure(errors: readonly FormattedError[]): string;
  readonly heartbeat: string;
  readonly end: string;
}

const eventOf = (data: string): string => `event: next\ndata: ${data}\n\n`;

/** Server-sent events as graphql-sse's "distinct connections" mode has them; each has its cursor as `id`. */
export const eventStreamFrames: EventFrames = {
  contentType: 'text/event-stream; charset=utf-8',
  // Some browsers hand out a response only when its first byte is there.
  first: ':\n\n',
  event: (result, cursor) => (cursor === null ? '' : `id: ${cursor}\n`) + eventOf(serialised(result)),
  refusal: (errors) => eventOf(JSON.stringify({ errors })),
  failure: (errors) => eventOf(JSON.stringify({ errors })),
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
};

const partOf = (json: string): string => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;

/**
 * Apollo's multipart protocol for subscriptions, `subscriptionSpec=1.0`: errors beside a null payload are the transport's.
 * The delimiter behind a part is written with it: before that, a client cannot know that the part is complete.
 */
export const multipartFrames: EventFrames = {
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
  first: '\r\n--graphql',
  event: (result) => partOf(`{"payload":${serialised(result)}}`),
  refusal: (errors) => partOf(JSON.stringify({ payload: { errors } })),
  failure: (errors) => partOf(JSON.stringify({ payload: null, errors })),
  heartbeat: partOf('{}'),
  end: '--\r\n',
};
