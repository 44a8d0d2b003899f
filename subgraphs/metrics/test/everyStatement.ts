import type { Statement } from '@tributary/data';
import * as figures from '../src/storage/figureStatements.js';
import * as traces from '../src/storage/traceStatements.js';
import { insertTraces } from '../src/storage/insertTraces.js';
import { beginRollup } from '../src/storage/rollupPosition.js';
import { insertSeries, seriesByNumber } from '../src/storage/seriesStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(): Statement<unknown>[] {
  const selection = { from: at, to: at, filter: { agent: [], flowId: [] } };
  const windows = { firstEnd: at, count: 1, stepMs: 1, windowMs: 1 };
  return [
    figures.totalsOfHalves(selection, at),
    figures.totalsOfFlows([]),
    figures.figures(selection, 'REQUESTS', 'AGENT', 1),
    figures.figures(selection, 'REQUESTS', null, 1),
    figures.series(selection, 'REQUESTS', 'HOUR', 'AGENT', 1),
    figures.series(selection, 'REQUESTS', 'HOUR', null, 1),
    figures.slidingFigures(selection, 'REQUESTS', null, windows),
    figures.breakdown(selection, 'AGENT', 1),
    beginRollup(),
    insertSeries([]),
    seriesByNumber([]),
    insertTraces(id, []),
    traces.listTraces(selection, null, 1),
    traces.listTraces(selection, { startedAt: at, id }, 1),
    traces.tracesById([]),
    traces.existingTraces([]),
  ];
}
