import { seriesOf } from '../storage/traceSeries.js';
import { traceIdOf } from '../storage/traceId.js';
import type { NewTrace } from '../storage/insertTraces.js';
import type { SentTrace } from './checkTrace.js';
import type { TraceCost } from './prices/priceTraces.js';

/** The row of a sound trace. */
export function toNewTrace(sent: SentTrace, cost: TraceCost): NewTrace {
  return { ...sent, ...cost, id: traceIdOf(sent.startedAt, sent.externalId), series: seriesOf(sent) };
}
