import { Field, Float, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '@tributary/server';

@ObjectType({ description: 'The period that was asked for: from ≤ t < to.' })
export class TimeRangeValue {
  @Field(() => DateTimeScalar, { description: 'Its first moment.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'The first moment behind it.' })
  to!: Date;
}

@ObjectType({ description: 'One figure, compared with the period of the same length before.' })
export class Kpi {
  @Field(() => Float, {
    nullable: true,
    description: 'The figure. Null without traffic where a share has no meaning; counts and sums are then 0.',
  })
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The same for the period of the same length that ends at `from`, of which as much counts as has passed of this one. Null where it has no meaning, and where what is kept of that period does not tell it.',
  })
  previous!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: '(value − previous) / previous: 0.5 is half as much again. Null if previous is 0 or either is null.',
  })
  change!: number | null;
}

@ObjectType({
  description: 'How durations are spread, in milliseconds, linear between the two nearest runs. All null without data.',
})
export class Quantiles {
  @Field(() => Float, { nullable: true, description: 'Half of the runs took at most this.' })
  p50!: number | null;

  @Field(() => Float, { nullable: true, description: '95 % of the runs took at most this.' })
  p95!: number | null;

  @Field(() => Float, { nullable: true, description: '99 % of the runs took at most this.' })
  p99!: number | null;

  @Field(() => Float, { nullable: true, description: 'The longest run.' })
  max!: number | null;

  @Field(() => Float, {
    description:
      'By how much p50, p95 and p99 may be off, as a share of them: 0 where each run was looked at, 0.01 where sums of hours or days were.',
  })
  relativeError!: number;
}

@ObjectType({ description: 'The key figures of a period.' })
export class Kpis {
  @Field(() => TimeRangeValue, { description: 'The period.' })
  range!: TimeRangeValue;

  @Field(() => Kpi, { description: 'Number of runs.' })
  requests!: Kpi;

  @Field(() => Kpi, { description: 'Share of runs that ended in an error or a timeout, 0 to 1. Null without runs.' })
  errorRate!: Kpi;

  @Field(() => Quantiles, { description: 'How long runs took, in milliseconds.' })
  latencyMs!: Quantiles;

  @Field(() => Kpi, { description: 'Cost, in US dollars.' })
  costUsd!: Kpi;

  @Field(() => Float, {
    description: 'Number of runs whose price was not known: their cost is 0 in costUsd, and may have been more.',
  })
  unpricedRequests!: number;

  @Field(() => Kpi, { description: 'Tokens that models read.' })
  inputTokens!: Kpi;

  @Field(() => Kpi, { description: 'Tokens that models wrote.' })
  outputTokens!: Kpi;

  @Field(() => Kpi, { description: 'Number of agents with at least one run.' })
  activeAgents!: Kpi;

  @Field(() => DateTimeScalar, { description: 'Traces that were acknowledged before this moment are in the figures.' })
  freshAsOf!: Date;

  @Field(() => DateTimeScalar, {
    description: 'When the figures were computed. Before the question, when they had been computed for another one.',
  })
  computedAt!: Date;
}

@ObjectType({ description: 'One bucket of a series.' })
export class MetricPoint {
  @Field(() => DateTimeScalar, {
    description:
      'Where the bucket begins. The first bucket may begin before the range; only traces of the range count.',
  })
  at!: Date;

  @Field(() => Float, {
    nullable: true,
    description:
      'The metric in this bucket. Without traces 0 for counts, tokens and cost, null for shares and quantiles. Null for what has not begun yet.',
  })
  value!: number | null;
}

@ObjectType({ description: 'A metric over time.' })
export class MetricSeries {
  @Field(() => String, {
    nullable: true,
    description: 'The group. Null without groupBy, and for traces without a value.',
  })
  key!: string | null;

  @Field(() => [MetricPoint], { description: 'One point for each bucket of the range, oldest first.' })
  points!: MetricPoint[];
}

@ObjectType({ description: 'One group of traces, with what it cost.' })
export class MetricBreakdown {
  @Field(() => String, { nullable: true, description: 'The group. Null for traces without a value.' })
  key!: string | null;

  @Field(() => Float, { description: 'Number of runs.' })
  requests!: number;

  @Field(() => Float, { nullable: true, description: 'Share of runs that ended in an error or a timeout, 0 to 1.' })
  errorRate!: number | null;

  @Field(() => Float, { nullable: true, description: 'Duration that 95 % of the runs stay within, in milliseconds.' })
  latencyP95Ms!: number | null;

  @Field(() => Float, { description: 'Cost, in US dollars.' })
  costUsd!: number;

  @Field(() => Float, { description: 'Number of runs whose price was not known: they are in costUsd with 0.' })
  unpricedRequests!: number;

  @Field(() => Float, {
    description:
      'Part of the cost of all groups, also of those that are not listed, 0 to 1. 0 when nothing cost anything.',
  })
  share!: number;
}

@ObjectType({ description: 'What the agents of one flow did, took and cost, from all its traces.' })
export class FlowMetrics {
  @Field(() => Float, { description: 'Number of runs.' })
  requests!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of runs that ended in an error or a timeout. Null without runs.',
  })
  errorRate!: number | null;

  @Field(() => Quantiles, { description: 'How long runs took, in milliseconds.' })
  latencyMs!: Quantiles;

  @Field(() => Float, { description: 'Cost, in US dollars.' })
  costUsd!: number;

  @Field(() => Float, { description: 'Number of runs whose price was not known: they are in costUsd with 0.' })
  unpricedRequests!: number;

  @Field(() => Float, { description: 'Tokens that models read.' })
  inputTokens!: number;

  @Field(() => Float, { description: 'Tokens that models wrote.' })
  outputTokens!: number;
}
