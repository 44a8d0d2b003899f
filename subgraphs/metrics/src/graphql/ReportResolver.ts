import { Arg, Ctx, Info, Int, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { resolveRange } from '@tributary/contracts/values';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { Allow, isSelected, TimeRange } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { readSeries } from '../domain/metricSeries.js';
import { readMonthlyReport } from '../domain/monthlyReport.js';
import { readCost, readPerformance, readUsage } from '../domain/reports.js';
import { trendOf } from '../domain/trend.js';
import { Bucket, Metric, MetricDimension } from './enums.js';
import { MetricFilter } from './inputs.js';
import { Cost, MonthlyReport, Performance, Trend, Usage } from './reportTypes.js';
import { toTrace } from './Trace.js';

const byDescription = 'What runs are grouped by. Null: no groups.';
const filterDescription = 'Which traces count. Null: all.';

/** Reports over traces: what was used, what it cost, how it went. */
@Resolver()
export class ReportResolver {
  constructor(private readonly database: Database) {}

  @Query(() => Usage, { nullable: true, description: 'What models read and wrote in a period.' })
  @Allow('metrics.read')
  async usage(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('by', () => MetricDimension, { nullable: true, description: byDescription }) by: MetricDimension | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Ctx() context: GraphqlContext,
  ): Promise<Usage> {
    return readUsage(this.database, scopeOf(context), request(range, filter, by, first));
  }

  @Query(() => Cost, { nullable: true, description: 'What a period cost, and what a month at that rate would.' })
  @Allow('metrics.read')
  async cost(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('by', () => MetricDimension, { nullable: true, description: byDescription }) by: MetricDimension | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Ctx() context: GraphqlContext,
  ): Promise<Cost> {
    return readCost(this.database, scopeOf(context), request(range, filter, by, first));
  }

  @Query(() => Performance, { nullable: true, description: 'How long the runs of a period took, and how they ended.' })
  @Allow('metrics.read')
  async performance(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Arg('by', () => MetricDimension, { nullable: true, description: byDescription }) by: MetricDimension | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Performance> {
    const wanted = request(range, filter, by, first);
    const report = await readPerformance(this.database, scopeOf(context), wanted, isSelected(info, 'slowest'));
    const slowest = report.slowest?.map((row) => toTrace(row, context)) ?? null;
    return { ...report, slowest };
  }

  @Query(() => Trend, { nullable: true, description: 'Where a metric goes, at most 1,500 points.' })
  @Allow('metrics.read')
  async trend(
    @Arg('metric', () => Metric, { description: 'What is measured.' }) metric: Metric,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('bucket', () => Bucket, { description: 'The length of a point.' }) bucket: Bucket,
    @Arg('filter', () => MetricFilter, { nullable: true, description: filterDescription })
    filter: MetricFilter | null,
    @Ctx() context: GraphqlContext,
  ): Promise<Trend> {
    const wanted = { metric, range: resolveRange(range), bucket, groupBy: null, filter: filter ?? {}, first: 1 };
    const [series] = await readSeries(this.database, scopeOf(context), wanted);
    return trendOf(series!.points);
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
    @Ctx() context: GraphqlContext,
  ): Promise<MonthlyReport> {
    return readMonthlyReport(this.database, scopeOf(context), month, filter ?? {});
  }
}

function request(range: TimeRange, filter: MetricFilter | null, by: MetricDimension | null, first: number) {
  return { range: resolveRange(range), filter: filter ?? {}, by: by ?? null, first };
}
