import { seriesOf } from '../storage/traceSeries.js';
import { traceIdOf } from '../storage/traceId.js';
import type { NewTrace } from '../storage/insertTraces.js';
import type { SentTrace } from './checkTrace.js';
import { toNano } from './toNano.js';

/** The row of a sound trace. */
export function toNewTrace(sent: SentTrace): NewTrace {
  return {
    ...sent,
    id: traceIdOf(sent.startedAt, sent.externalId),
    series: seriesOf(sent),
    costNano: toNano(sent.costUsd ?? 0),
    costSource: sent.costUsd === null ? 'UNPRICED' : 'SENT',
  };
}
