import type { Statement } from '@tributary/data';
import * as figures from '../src/storage/figureStatements.js';
import { totalsOfFlows } from '../src/storage/flowTotals.js';
import { insertTraces } from '../src/storage/insertTraces.js';
import * as pass from '../src/storage/rollup/passStatements.js';
import { beginRollup, holdRollup } from '../src/storage/rollup/position.js';
import * as seal from '../src/storage/rollup/sealStatements.js';
import { insertSeries, seriesByNumber } from '../src/storage/seriesStatements.js';
import { seriesOfMetric } from '../src/storage/seriesOfMetric.js';
import { slidingFigures } from '../src/storage/slidingFigures.js';
import * as traces from '../src/storage/traceStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);
const day = '1970-01-01';

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(): Statement<unknown>[] {
  const filter = { agent: [], flowId: [] };
  const bare = { from: at, to: at, filter };
  const windows = { firstEnd: at, count: 1, stepMs: 1, windowMs: 1 };
  const cells = { from: new Date(1), to: new Date(10 * 86_400_000), filter: {} };
  const selections = [
    cells,
    { ...cells, filter: { agent: [], environment: [], kind: [], status: [] } },
    { ...cells, filter: { agent: [], model: [], provider: [] } },
    bare,
  ];
  const batches = { ids: [], first: id, end: id };
  return [
    ...selections.flatMap((selection) => [
      figures.totals(selection),
      figures.countAgents(selection),
      figures.figures(selection, 'REQUESTS', 'AGENT', 1),
      figures.figures(selection, 'LATENCY_P95', null, 1),
      figures.breakdown(selection, 'AGENT', 1),
      seriesOfMetric(selection, 'REQUESTS', 'HOUR', 'AGENT', 1),
      seriesOfMetric(selection, 'LATENCY_P50', 'DAY', 'STATUS', 1),
      seriesOfMetric(selection, 'REQUESTS', 'MINUTE', null, 1),
    ]),
    slidingFigures(bare, 'REQUESTS', null, windows),
    totalsOfFlows([]),
    beginRollup(),
    holdRollup(),
    pass.touchDays(batches, day),
    pass.unsealDays([]),
    pass.addToCells(batches),
    pass.addToFlows(batches),
    pass.addToSessions(batches),
    pass.noteFirstSight(batches),
    seal.lockOpenDay(day),
    seal.deleteDayCells([]),
    seal.sealFromHours(day, 0),
    seal.nextTraces(id, id, 1),
    seal.sealFromTraces(day, id, id),
    seal.largeGroupings(day, 1),
    seal.dropGroupings(day, []),
    seal.sealDay(day, []),
    seal.reopenDay(day),
    insertSeries([]),
    seriesByNumber([]),
    insertTraces(id, []),
    traces.listTraces(bare, null, 1),
    traces.listTraces(bare, { startedAt: at, id }, 1),
    traces.tracesById([]),
    traces.existingTraces([]),
  ];
}
