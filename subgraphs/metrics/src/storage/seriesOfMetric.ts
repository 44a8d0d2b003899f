import type { Bucket, Metric, MetricDimension } from '@tributary/contracts/values';
import { Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { aggregated } from './facts/aggregated.js';
import { factsOf } from './facts/facts.js';
import { figureOf } from './facts/figureOf.js';
import type { Coarsest } from './facts/facts.js';
import { quantileShares, weightExpression } from './figureExpressions.js';
import { figureColumns, figureValue, toFigure } from './figureStatements.js';
import type { GroupFigure } from './figureStatements.js';
import type { TraceSelection } from './traceSelection.js';

const units = {
  MINUTE: { name: 'minute', coarsest: 'TRACE' },
  HOUR: { name: 'hour', coarsest: 'HOUR' },
  DAY: { name: 'day', coarsest: 'DAY' },
  MONTH: { name: 'month', coarsest: 'DAY' },
} as const satisfies Record<Bucket, { readonly name: string; readonly coarsest: Coarsest }>;

/** The coarsest cells that points of a length can be made of. */
export function coarsestOf(bucket: Bucket): Coarsest {
  return units[bucket].coarsest;
}

export interface SeriesCell extends GroupFigure {
  /** Start of the bucket. */
  readonly at: Date;
}

/**
 * One metric for each bucket that has traces and each of the `groups` heaviest groups: heaviest group first, then by time. The groups
 * are chosen first, so that quantiles are computed for these alone.
 */
export function seriesOfMetric(
  selection: TraceSelection,
  metric: Metric,
  bucket: Bucket,
  groupBy: MetricDimension | null,
  groups: number,
  onlyTraces = false,
): Statement<SeriesCell> {
  const parameters = new Parameters();
  const { name, coarsest } = units[bucket];
  const facts = factsOf(parameters, {
    selection,
    groupBy,
    coarsest: onlyTraces ? 'TRACE' : coarsest,
    needs: metric in quantileShares ? 'DURATIONS' : 'SUMS',
    withTime: true,
  });
  const chosen = `heaviest as materialized (
      select key, ${weightExpression(metric)} as weight from facts group by key
      order by weight desc, nullif(key, '') limit ${parameters.add(groups)}
    ), chosen as materialized (
      select facts.*, heaviest.weight, date_trunc('${name}', facts.at, 'UTC') as bucket from facts join heaviest using (key)
    )`;
  const rows = aggregated({
    steps: `${facts.steps}, ${chosen}`,
    source: 'chosen',
    areTraces: facts.areTraces,
    by: ['key', 'bucket'],
    ...figureColumns(metric, ['max(weight) as weight']),
  });
  return figureOf(
    facts,
    sql(
      'metrics.series',
      `select nullif(key, '') as key, bucket as at, ${figureValue(metric)} as value from (${rows}) figure
       order by weight desc, nullif(key, ''), bucket`,
      parameters.values,
      (row) => ({ ...toFigure(row), at: row['at'] as Date }),
    ),
  );
}
