import type { ChannelAnswer } from '../outgoing/ChannelAnswer.js';
import type { Verdict } from './Adapter.js';

const troubled = new Set([408, 425, 429]);

/** What an answer of HTTP means where the kind of channel says nothing else. */
export function interpretHttp({ status }: ChannelAnswer): Verdict {
  if (status === null || status >= 500 || troubled.has(status)) return { kind: 'retry' };
  return status >= 200 && status < 300 ? { kind: 'done' } : { kind: 'dead' };
}
