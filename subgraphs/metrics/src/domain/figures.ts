import { mostFigures, type Figure, type WindowFigure } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import type { Comparison, Metric, MetricDimension, TimeBasis } from '@tributary/contracts/values';
import type { Database, TenantScope } from '@tributary/data';
import { additiveMetrics } from '../storage/figureExpressions.js';
import type { Coarsest } from '../storage/facts/facts.js';
import { goneDays, goneDaysReaching } from '../storage/retentionStatements.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { hasCells, windowParts } from '../storage/windows/windowParts.js';
import type { WindowPart } from '../storage/windows/windowParts.js';
import { isSameRange, keptRange, rawGone } from './retention/keptRange.js';
import { checkedRange } from './timeRange.js';
import type { TimeRange } from './timeRange.js';
import { slide } from './windows/slide.js';
import type { GroupWindow } from './windows/slide.js';
import { boundsOf, planWindows, wholeOf } from './windows/Windows.js';
import type { Windows } from './windows/Windows.js';

/** Groups that one answer names at most: without a condition the busiest, with one the worst. */
const maxBusiest = 1_000;
const maxMet = 10_000;
/** Windows that one answer covers at most. */
const maxWindows = 10_000;
/** Figures that are computed at most, also those that do not meet the condition, and parts that they are made of. */
const maxComputed = 1_000_000;
const maxParts = 200_000;

export interface FigureRequest {
  readonly metric: Metric;
  readonly groupBy: MetricDimension | null;
  readonly scope: TraceFilter | null;
  readonly timeBasis?: TimeBasis | null | undefined;
  readonly condition?: Condition | null | undefined;
  readonly keys?: readonly (string | null)[] | null | undefined;
}

interface Condition {
  readonly comparison: Comparison;
  readonly threshold: number;
}

/** One figure over one window, or one for each group that has traces, meets the condition or is asked for. */
export async function readFigures(
  database: Database,
  scope: TenantScope,
  request: FigureRequest & { readonly from: Date; readonly to: Date },
): Promise<Figure[]> {
  const { from, to } = checkedRange(request);
  const windowMs = to.getTime() - from.getTime();
  const windows = { firstEnd: to, count: 1, stepMs: windowMs, windowMs };
  const found = (await readGroups(database, scope, request, windows)).flat();
  if (request.groupBy) return chooseGroups(found, request).map(({ key, value }) => ({ key, value }));
  const none = additiveMetrics.has(request.metric) ? 0 : null;
  return [{ key: null, value: found[0] ? found[0].value : none }];
}

/** One figure for each window that has traces, and each group. Throws INVALID_INPUT when that is too much to answer. */
export async function readSlidingFigures(
  database: Database,
  scope: TenantScope,
  request: FigureRequest & Windows,
): Promise<WindowFigure[]> {
  if (request.count > maxWindows) throw tooMuch('These are too many windows. Take a shorter range.', maxWindows);
  const groups = await readGroups(database, scope, request, request);
  const wanted = request.groupBy === null ? groups : groups.filter((group) => isWanted(group, request));
  const figures = wanted.flat().map(({ key, index, value }) => ({ key, index, value }));
  if (figures.length > mostFigures) throw tooManyGroups(mostFigures);
  return figures.sort((one, other) => one.index - other.index || byKey(one, other));
}

/** The figures of each group that has traces, by window. */
async function readGroups(
  database: Database,
  scope: TenantScope,
  request: FigureRequest,
  windows: Windows,
): Promise<GroupWindow[][]> {
  const { metric, groupBy } = request;
  const whole = checkedRange(wholeOf(windows));
  const { shared, edges } = planWindows(windows);
  const bounds = boundsOf(windows).map((time) => new Date(time));
  const wanted = { metric, groupBy, filter: request.scope ?? {}, timeBasis: request.timeBasis ?? 'STARTED', bounds };
  const isInCells = shared !== null && hasCells({ ...wanted, edges }, shared);
  const statement = windowParts(
    { ...wanted, core: isInCells ? shared : null, edges: isInCells ? edges : [whole] },
    maxParts + 1,
  );
  const ofGone = wanted.timeBasis === 'ENDED' ? goneDaysReaching : goneDays;
  const [gone, parts] = await database.readBatch(scope, [ofGone(whole.from, whole.to), statement]);
  const [inCells, asTraces] = isInCells ? [[shared], edges] : [[], [whole]];
  const isKept = (range: TimeRange, coarsest: Coarsest) => {
    // A window says exactly what it is about: nothing may be added to it.
    const told = keptRange(range, gone, [{ filter: wanted.filter, groupBy, coarsest }]);
    return told !== null && isSameRange(told, range);
  };
  // When a trace ended, or came, no cell tells; what came long after it began has a day until it is given up.
  const isTold =
    wanted.timeBasis === 'STARTED'
      ? inCells.every((range) => isKept(range, 'DAY')) && asTraces.every((range) => isKept(range, 'TRACE'))
      : wanted.timeBasis === 'INGESTED' || gone.length === 0;
  if (!isTold) throw rawGone(gone);
  if (parts.length > maxParts) throw tooManyGroups(maxParts);
  const groups = new Map<string | null, WindowPart[]>();
  for (const part of parts) {
    const group = groups.get(part.key);
    if (group) group.push(part);
    else groups.set(part.key, [part]);
  }
  if (groups.size * windows.count > maxComputed) throw tooManyGroups(maxComputed);
  return [...groups.values()].map((group) => slide(metric, windows, group));
}

/** Those that meet the condition, worst first, and those that are asked for behind them; with neither, the busiest. */
function chooseGroups(found: readonly GroupWindow[], { condition, keys }: FigureRequest): GroupWindow[] {
  if (!condition && !keys) {
    return found.toSorted((one, other) => other.requests - one.requests || byKey(one, other)).slice(0, maxBusiest);
  }
  const side = condition?.comparison === 'BELOW' ? 1 : -1;
  const met = condition
    ? found
        .filter(({ value }) => isMet(condition, value))
        .sort((one, other) => side * (one.value! - other.value!) || byKey(one, other))
        .slice(0, maxMet)
    : [];
  const [named, asked] = [new Set(met), new Set(keys)];
  return [...met, ...found.filter((each) => asked.has(each.key) && !named.has(each)).sort(byKey)];
}

function isWanted(group: readonly GroupWindow[], { condition, keys }: FigureRequest): boolean {
  if (!condition && !keys) return true;
  if (keys && group[0] && keys.includes(group[0].key)) return true;
  return condition ? group.some(({ value }) => isMet(condition, value)) : false;
}

function isMet({ comparison, threshold }: Condition, value: number | null): boolean {
  return value !== null && (comparison === 'ABOVE' ? value > threshold : value < threshold);
}

/** By code units, and null last, as PostgreSQL sorts keys. */
function byKey({ key: one }: Figure, { key: other }: Figure): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}

function tooManyGroups(limit: number): CodedError {
  return tooMuch('These are too many groups for this range. Take a shorter range or a scope.', limit);
}

function tooMuch(message: string, limit: number): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'range', limit });
}
