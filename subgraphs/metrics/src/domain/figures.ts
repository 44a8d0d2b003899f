import type { Metric, MetricDimension } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import type { Database, TenantScope } from '@tributary/data';
import type { Figure } from '@tributary/contracts/commands';
import { additiveMetrics } from '../storage/figureExpressions.js';
import { figures } from '../storage/figureStatements.js';
import { slidingFigures } from '../storage/slidingFigures.js';
import type { SlidingWindows, WindowCell } from '../storage/slidingFigures.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { checkedRange } from './timeRange.js';

/** Groups that one answer names at most: the busiest. */
const maxGroups = 1_000;
/** Windows that one answer covers at most, and cells (window × group) that it holds at most. */
const maxWindows = 10_000;
const maxCells = 100_000;

export interface FigureRequest {
  readonly metric: Metric;
  readonly groupBy: MetricDimension | null;
  readonly scope: TraceFilter | null;
}

/** One figure over one window, or one for each group that has traces. */
export async function readFigures(
  database: Database,
  scope: TenantScope,
  request: FigureRequest & { readonly from: Date; readonly to: Date },
): Promise<Figure[]> {
  const range = checkedRange(request);
  const selection = { ...range, filter: request.scope ?? {} };
  const found = await database.read(scope, figures(selection, request.metric, request.groupBy, maxGroups));
  if (found.length > 0 || request.groupBy) return found;
  return [{ key: null, value: additiveMetrics.has(request.metric) ? 0 : null }];
}

/** One figure for each sliding window that has traces, and each group. Throws INVALID_INPUT when that is too much to answer. */
export async function readSlidingFigures(
  database: Database,
  scope: TenantScope,
  request: FigureRequest & SlidingWindows,
): Promise<WindowCell[]> {
  const { firstEnd, count, stepMs, windowMs } = request;
  if (count > maxWindows || windowMs / stepMs > 100) {
    throw new CodedError('INVALID_INPUT', 'These are too many windows. Take a shorter range.', {
      field: 'range',
      limit: maxWindows,
    });
  }
  const range = checkedRange({
    from: new Date(firstEnd.getTime() - windowMs),
    to: new Date(firstEnd.getTime() + (count - 1) * stepMs),
  });
  const selection = { ...range, filter: request.scope ?? {} };
  const cells = await database.read(scope, slidingFigures(selection, request.metric, request.groupBy, request));
  if (cells.length > maxCells) {
    throw new CodedError(
      'INVALID_INPUT',
      'These are too many groups for this range. Take a shorter range or a scope.',
      {
        field: 'range',
        limit: maxCells,
      },
    );
  }
  return cells;
}
