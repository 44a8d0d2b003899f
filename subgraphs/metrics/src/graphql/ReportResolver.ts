import { Arg, Ctx, Info, Int, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { resolveRange } from '@tributary/contracts/values';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { Allow, isSelected, TimeRange } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { maxAgeMsOf } from '../domain/answerAge.js';
import type { CachedFigures } from '../domain/CachedFigures.js';
import { readSlowest } from '../domain/reports.js';
import { trendOfMetric } from '../domain/trend.js';
import { Bucket, Metric, MetricDimension } from './enums.js';
import { maxAgeOptions, MetricFilter } from './inputs.js';
import { Cost, MonthlyReport, Performance, Trend, Usage } from './reportTypes.js';
import { toTrace } from './Trace.js';

const byDescription = 'What runs are grouped by. Null: no groups.';
const filterDescription = 'Which traces count. Null: all.';

/** Reports over traces: what was used, what it cost, how it went. */
@Resolver()
export class ReportResolver {
  constructor(
    private readonly database: Database,
    private readonly figures: CachedFigures,
  ) {}

  @Query(() => Usage, { nullable: true, description: 'What models read and wrote in a period.' })
  @Allow('metrics.read')
  async usage(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('by', () => MetricDimension, { nullable: true, description: byDescription }) by: MetricDimension | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<Usage> {
    return this.figures.usage(context, request(range, filter, by, first, maxAgeSeconds));
  }

  @Query(() => Cost, { nullable: true, description: 'What a period cost, and what a month at that rate would.' })
  @Allow('metrics.read')
  async cost(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('by', () => MetricDimension, { nullable: true, description: byDescription }) by: MetricDimension | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<Cost> {
    return this.figures.cost(context, request(range, filter, by, first, maxAgeSeconds));
  }

  @Query(() => Performance, { nullable: true, description: 'How long the runs of a period took, and how they ended.' })
  @Allow('metrics.read')
  async performance(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('by', () => MetricDimension, { nullable: true, description: byDescription }) by: MetricDimension | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Performance> {
    const report = await this.figures.performance(context, request(range, filter, by, first, maxAgeSeconds));
    const rows = isSelected(info, 'slowest')
      ? await readSlowest(this.database, scopeOf(context), report, filter ?? {})
      : null;
    return { ...report, slowest: rows?.map((row) => toTrace(row, context)) ?? null };
  }

  @Query(() => Trend, { nullable: true, description: 'Where a metric goes, at most 1,500 points.' })
  @Allow('metrics.read')
  async trend(
    @Arg('metric', () => Metric, { description: 'What is measured.' }) metric: Metric,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('bucket', () => Bucket, { description: 'The length of a point.' }) bucket: Bucket,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<Trend> {
    const asked = { metric, bucket, groupBy: null, ...request(range, filter, null, 1, maxAgeSeconds) };
    const [series] = await this.figures.trend(context, asked);
    return trendOfMetric(series!.points, asked, new Date());
  }

  @Query(() => MonthlyReport, {
    nullable: true,
    description: 'A UTC month, as far as it has come: its key figures, its days, and who spent most.',
  })
  @Allow('metrics.read')
  async monthlyReport(
    @Arg('month', () => String, { description: 'Such as "2026-10".' }) month: string,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<MonthlyReport> {
    // A month is named as `last` is, not by its moments.
    const maxAgeMs = maxAgeMsOf({ last: 'MONTH' }, maxAgeSeconds);
    return this.figures.monthlyReport(context, { month, filter: filter ?? {}, maxAgeMs });
  }
}

function request(
  range: TimeRange,
  filter: MetricFilter | null,
  by: MetricDimension | null,
  first: number,
  maxAgeSeconds: number | null,
) {
  const maxAgeMs = maxAgeMsOf(range, maxAgeSeconds);
  return { range: resolveRange(range), filter: filter ?? {}, by: by ?? null, first, maxAgeMs };
}
