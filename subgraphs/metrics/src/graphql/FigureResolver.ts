import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { resolveRange } from '@tributary/contracts/values';
import { Allow, TimeRange } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { Database } from '@tributary/data';
import { maxAgeMsOf } from '../domain/answerAge.js';
import type { CachedFigures } from '../domain/CachedFigures.js';
import { readFlowMetrics } from '../domain/flowMetrics.js';
import { Bucket, Metric, MetricDimension } from './enums.js';
import { FlowMetrics, Kpis, MetricBreakdown, MetricSeries } from './figureTypes.js';
import { Flow } from './stubs.js';
import { maxAgeOptions, MetricFilter } from './inputs.js';

/** What is computed over traces. */
@Resolver(() => Flow)
export class FigureResolver {
  constructor(
    private readonly database: Database,
    private readonly figures: CachedFigures,
  ) {}

  @Query(() => Kpis, { nullable: true, description: 'The key figures of a period, compared with the one before.' })
  @Allow('metrics.read')
  async kpis(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: 'Which traces count. Null: all.' })
    filter: MetricFilter | null,
    @Arg('exact', () => Boolean, {
      defaultValue: false,
      description: 'Whether quantiles are computed from each run, of 100,000 at most. Else they are within 1 %.',
    })
    exact: boolean,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<Kpis> {
    return this.figures.kpis(context, {
      range: resolveRange(range),
      filter: filter ?? {},
      exact,
      maxAgeMs: maxAgeMsOf(range, maxAgeSeconds),
    });
  }

  @Query(() => [MetricSeries], {
    nullable: true,
    description:
      'A metric over time, at most 1,500 points a series. Without groupBy one series; with it the heaviest groups first, by their total (by their number of runs for shares and quantiles).',
  })
  @Allow('metrics.read')
  async metricSeries(
    @Arg('metric', () => Metric, { description: 'What is measured.' }) metric: Metric,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('bucket', () => Bucket, { description: 'The length of a point.' }) bucket: Bucket,
    @Arg('groupBy', () => MetricDimension, {
      nullable: true,
      description: 'A series for each value. Null: one of all.',
    })
    groupBy: MetricDimension | null,
    @Arg('filter', () => MetricFilter, { nullable: true, description: 'Which traces count. Null: all.' })
    filter: MetricFilter | null,
    @Arg('first', () => Int, { defaultValue: 10, description: 'Series at most, 1 to 100.' }) first: number,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<MetricSeries[]> {
    const request = {
      metric,
      range: resolveRange(range),
      bucket,
      groupBy: groupBy ?? null,
      filter: filter ?? {},
      first,
      maxAgeMs: maxAgeMsOf(range, maxAgeSeconds),
    };
    return (await this.figures.series(context, request)) as MetricSeries[];
  }

  @Query(() => [MetricBreakdown], {
    nullable: true,
    description: 'What the groups of a dimension cost, most expensive first.',
  })
  @Allow('metrics.read')
  async metricBreakdown(
    @Arg('by', () => MetricDimension, { description: 'What traces are grouped by.' }) by: MetricDimension,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: 'Which traces count. Null: all.' })
    filter: MetricFilter | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Groups at most, 1 to 100.' }) first: number,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<MetricBreakdown[]> {
    const found = await this.figures.breakdown(context, {
      by,
      range: resolveRange(range),
      filter: filter ?? {},
      first,
      maxAgeMs: maxAgeMsOf(range, maxAgeSeconds),
    });
    return [...found];
  }

  @FieldResolver(() => FlowMetrics, { nullable: true, description: 'What its agents did, took and cost.' })
  @Allow('metrics.read')
  async metrics(@Root() flow: Flow, @Ctx() context: GraphqlContext): Promise<FlowMetrics> {
    return readFlowMetrics(this.database, context, flow.id);
  }
}
