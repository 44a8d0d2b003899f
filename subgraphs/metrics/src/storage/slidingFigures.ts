import type { Metric, MetricDimension } from '@tributary/contracts/values';
import { heavy, Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { aggregated } from './facts/aggregated.js';
import { factsOf } from './facts/facts.js';
import { figureColumns, figureValue, toFigure } from './figureStatements.js';
import type { GroupFigure } from './figureStatements.js';
import type { TraceSelection } from './traceSelection.js';

export interface WindowCell extends GroupFigure {
  /** 0 is the window that ends at `firstEnd`, 1 the one a step later, … */
  readonly index: number;
}

export interface SlidingWindows {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
  readonly windowMs: number;
}

/**
 * One metric for each window that has traces, and each group. A window that ends at t holds t − windowMs ≤ started < t. A trace is
 * read once and counted in each of the windowMs / stepMs windows that it falls in. Read from traces: windows begin and end anywhere.
 */
export function slidingFigures(
  selection: TraceSelection,
  metric: Metric,
  groupBy: MetricDimension | null,
  windows: SlidingWindows,
): Statement<WindowCell> {
  const parameters = new Parameters();
  const { steps } = factsOf(parameters, { selection, groupBy, coarsest: 'TRACE' });
  const behindFirstEndMs = `extract(epoch from facts.at - ${parameters.add(windows.firstEnd)}::timestamptz) * 1000`;
  const step = parameters.add(windows.stepMs, 'bigint');
  const window = parameters.add(windows.windowMs, 'bigint');
  const last = parameters.add(windows.count - 1, 'bigint');
  const counted = `counted as (
      select facts.*, index from facts cross join lateral generate_series(
        greatest(0, floor((${behindFirstEndMs}) / ${step})::bigint + 1),
        least(${last}, floor((${behindFirstEndMs} + ${window}) / ${step})::bigint)
      ) as index
    )`;
  const rows = aggregated({
    steps: `${steps}, ${counted}`,
    source: 'counted',
    areTraces: true,
    by: ['key', 'index'],
    ...figureColumns(metric),
  });
  return heavy(
    sql(
      'metrics.slidingFigures',
      `select nullif(key, '') as key, index, ${figureValue(metric)} as value from (${rows}) figure order by index, nullif(key, '')`,
      parameters.values,
      (row) => ({ ...toFigure(row), index: Number(row['index']) }),
    ),
  );
}
