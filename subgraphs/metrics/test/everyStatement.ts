import type { Statement } from '@tributary/data';
import * as figures from '../src/storage/figureStatements.js';
import * as prices from '../src/storage/priceStatements.js';
import { namesInRange } from '../src/storage/agentStatements.js';
import { changedHours } from '../src/storage/changedHours.js';
import { groupTotals } from '../src/storage/groupTotals.js';
import { listSessions, sessionTotals } from '../src/storage/sessionStatements.js';
import { slowestTraces } from '../src/storage/slowestTraces.js';
import { totalsOfFlows } from '../src/storage/flowTotals.js';
import { insertTraces } from '../src/storage/insertTraces.js';
import { coarsenDays } from '../src/storage/rollup/coarsenDays.js';
import * as pass from '../src/storage/rollup/passStatements.js';
import { beginRollup, holdRollup, tailOfRollup } from '../src/storage/rollup/position.js';
import * as rebuild from '../src/storage/rollup/rebuildStatements.js';
import * as retention from '../src/storage/retentionStatements.js';
import * as wholes from '../src/storage/rollup/wholeStatements.js';
import * as seal from '../src/storage/rollup/sealStatements.js';
import { insertSeries, seriesByNumber } from '../src/storage/seriesStatements.js';
import { seriesOfMetric } from '../src/storage/seriesOfMetric.js';
import * as traces from '../src/storage/traceStatements.js';
import { windowParts } from '../src/storage/windows/windowParts.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);
const day = '1970-01-01';
const price = { model: 'm', provider: '', validFrom: at, input: 1, output: 1, cachedInput: null, cacheWrite: null };

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(): Statement<unknown>[] {
  const filter = { agent: [], flowId: [] };
  const bare = { from: at, to: at, filter };
  const parts = { groupBy: null, filter, bounds: [at], edges: [bare] } as const;
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
      figures.sums(selection),
      figures.totals(selection, 'DAY', true),
      figures.sums(selection, true),
      figures.countAgents(selection),
      figures.breakdown(selection, 'AGENT', 1),
      groupTotals(selection, 'AGENT', 'COST', 1),
      slowestTraces(selection, 1),
      namesInRange('agent', selection, null, 1),
      namesInRange('department', selection, '', 1),
      listSessions({ ...selection, user: '', search: '' }, null, 1),
      listSessions({ ...selection, user: null, search: null }, { lastId: id, sessionId: '' }, 1),
      seriesOfMetric(selection, 'REQUESTS', 'HOUR', 'AGENT', 1),
      seriesOfMetric(selection, 'LATENCY_P50', 'DAY', 'STATUS', 1),
      seriesOfMetric(selection, 'REQUESTS', 'MINUTE', null, 1),
    ]),
    windowParts({ ...parts, metric: 'REQUESTS', timeBasis: 'STARTED', core: null }, 1),
    windowParts({ ...parts, metric: 'LATENCY_P95', groupBy: 'AGENT', filter: {}, timeBasis: 'ENDED', core: cells }, 1),
    windowParts({ ...parts, metric: 'ERROR_RATE', groupBy: 'FLOW', timeBasis: 'INGESTED', core: null }, 1),
    windowParts({ ...parts, metric: 'COST_USD', filter: {}, edges: [], timeBasis: 'STARTED', core: cells }, 1),
    changedHours(0, 1),
    totalsOfFlows([]),
    sessionTotals(''),
    prices.pricesOfModels([]),
    prices.listPrices(null, 1),
    prices.listPrices({ validFrom: at, digest: '' }, 1),
    prices.countPrices(),
    prices.lockPrice(price),
    prices.putPrice(price),
    beginRollup(),
    holdRollup(),
    tailOfRollup(),
    pass.touchDays(batches, day),
    pass.unsealDays([]),
    pass.addToCells(batches, 'HOUR'),
    pass.addToCells(batches, 'FIVE_MINUTES'),
    pass.addToFlows(batches),
    pass.addToSessions(batches),
    pass.noteFirstSight(batches),
    seal.lockOpenDay(day),
    seal.deleteDayCells([]),
    seal.sealFromHours(day, 0),
    seal.nextTraces(id, id, 1),
    seal.sealFromTraces(day, id, id, []),
    seal.largeGroupings(day, 1),
    seal.dropGroupings(day, []),
    seal.sealDay(day, 'RAW', []),
    coarsenDays(day, 1),
    retention.beginRetention(),
    retention.lockRetention(),
    retention.moveRetention({ tracesFrom: day, hoursFrom: day }),
    retention.firstOpenDay(),
    retention.firstDayOfTail(),
    retention.forgetHours(day),
    retention.holdRetention(),
    retention.hoursKeptFrom(),
    retention.goneDays(at, at),
    retention.goneDaysReaching(at, at),
    rebuild.lockDay(day),
    rebuild.deleteHourCells(day),
    rebuild.recountDay(day, id, id),
    rebuild.forgetDay(day),
    rebuild.cellsFromTraces(id, id, 'HOUR', 'HOUR'),
    rebuild.cellsFromTraces(id, id, 'FIVE_MINUTES', 'FIVE_MINUTES'),
    rebuild.daysWithTraces(),
    ...(['SESSION', 'FLOW'] as const).flatMap((whole) => [
      wholes.nextWholes(whole, '', wholes.allIds, true, 1),
      wholes.deleteWholes(whole, []),
      wholes.storedWholes(whole, []),
      wholes.nextOfWholes(whole, [], id, 1),
      wholes.addToWholes(whole, [], id, id),
    ]),
    insertSeries([]),
    seriesByNumber([]),
    insertTraces(id, []),
    traces.listTraces(bare, 'STARTED_DESC', null, 1),
    traces.listTraces(bare, 'STARTED_DESC', { value: 0, id }, 1),
    traces.listTraces(bare, 'COST_DESC', { value: 0, id }, 1),
    traces.tracesOfFlows([], 'STARTED_DESC', { value: 0, id }, 1),
    traces.tracesOfFlows([], 'DURATION_DESC', { value: 0, id }, 1),
    traces.tracesById([]),
    traces.existingTraces([]),
    traces.tracesAtPlaces([]),
    traces.childrenOfPlaces([], 1),
  ];
}
