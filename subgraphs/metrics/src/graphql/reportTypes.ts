import { enumOf } from '@tributary/contracts/values';
import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '@tributary/server';
import { Kpi, Kpis, MetricBreakdown, MetricPoint, Quantiles, TimeRangeValue } from './figureTypes.js';
import { Trace } from './Trace.js';

const key = { nullable: true, description: 'The group. Null for traces without a value.' } as const;
const requests = { description: 'Number of runs.' } as const;
const freshAsOf = { description: 'Traces that were acknowledged before this moment are in the figures.' } as const;

@ObjectType({ description: 'What one group of traces read and wrote.' })
export class UsageGroup {
  @Field(() => String, key)
  key!: string | null;

  @Field(() => Float, requests)
  requests!: number;

  @Field(() => Float, { description: 'Tokens that models read.' })
  inputTokens!: number;

  @Field(() => Float, { description: 'Tokens that models wrote.' })
  outputTokens!: number;

  @Field(() => Float, { description: 'Of the input tokens those that providers had read before.' })
  cachedInputTokens!: number;

  @Field(() => Float, { description: 'Part of all tokens, also of groups that are not listed, 0 to 1.' })
  share!: number;
}

@ObjectType({ description: 'What models read and wrote in a period.' })
export class Usage {
  @Field(() => TimeRangeValue, { description: 'The period.' })
  range!: TimeRangeValue;

  @Field(() => Kpi, requests)
  requests!: Kpi;

  @Field(() => Kpi, { description: 'Tokens that models read.' })
  inputTokens!: Kpi;

  @Field(() => Kpi, { description: 'Tokens that models wrote.' })
  outputTokens!: Kpi;

  @Field(() => Kpi, { description: 'Of the input tokens those that providers had read before.' })
  cachedInputTokens!: Kpi;

  @Field(() => Float, {
    description: 'Number of runs whose price was not known: costs of the same period are without theirs.',
  })
  unpricedRequests!: number;

  @Field(() => [UsageGroup], { description: 'Those with the most tokens first. Empty without `by`.' })
  groups!: readonly UsageGroup[];

  @Field(() => DateTimeScalar, freshAsOf)
  freshAsOf!: Date;
}

@ObjectType({ description: 'What one group of traces cost.' })
export class CostGroup {
  @Field(() => String, key)
  key!: string | null;

  @Field(() => Float, requests)
  requests!: number;

  @Field(() => Float, { description: 'Cost, in US dollars.' })
  costUsd!: number;

  @Field(() => Float, { description: 'Number of runs whose price was not known: they are in costUsd with 0.' })
  unpricedRequests!: number;

  @Field(() => Float, { description: 'Part of the cost of all groups, also of those that are not listed, 0 to 1.' })
  share!: number;
}

@ObjectType({ description: 'What a period cost.' })
export class Cost {
  @Field(() => TimeRangeValue, { description: 'The period.' })
  range!: TimeRangeValue;

  @Field(() => Kpi, { description: 'Cost, in US dollars.' })
  totalUsd!: Kpi;

  @Field(() => Float, { description: 'Number of runs whose price was not known: they are in totalUsd with 0.' })
  unpricedRequests!: number;

  @Field(() => Float, { nullable: true, description: 'US dollars for a run. Null without runs.' })
  perRequestUsd!: number | null;

  @Field(() => Float, { description: 'US dollars for 24 hours, on average over what has passed of the period.' })
  perDayUsd!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'US dollars for 30 days at perDayUsd. Null for less than a day.',
  })
  projectedMonthUsd!: number | null;

  @Field(() => [CostGroup], { description: 'The most expensive first. Empty without `by`.' })
  groups!: readonly CostGroup[];

  @Field(() => DateTimeScalar, freshAsOf)
  freshAsOf!: Date;
}

@ObjectType({ description: 'How long the runs of one group took, and how they ended.' })
export class PerformanceGroup {
  @Field(() => String, key)
  key!: string | null;

  @Field(() => Float, requests)
  requests!: number;

  @Field(() => Float, { nullable: true, description: 'Share of runs that ended in an error or a timeout, 0 to 1.' })
  errorRate!: number | null;

  @Field(() => Quantiles, { description: 'How long runs took, in milliseconds.' })
  latencyMs!: Quantiles;
}

@ObjectType({ description: 'How long the runs of a period took, and how they ended.' })
export class Performance {
  @Field(() => TimeRangeValue, { description: 'The period.' })
  range!: TimeRangeValue;

  @Field(() => Quantiles, { description: 'How long runs took, in milliseconds.' })
  latencyMs!: Quantiles;

  @Field(() => Kpi, { description: 'Share of runs that ended in an error or a timeout, 0 to 1. Null without runs.' })
  errorRate!: Kpi;

  @Field(() => Float, { description: 'Runs in a minute, on average over what has passed of the period.' })
  perMinute!: number;

  @Field(() => [Trace], {
    nullable: true,
    description: 'The ten runs that took longest. Null when the period holds more than 100,000 runs.',
  })
  slowest!: readonly Trace[] | null;

  @Field(() => [PerformanceGroup], { description: 'The busiest first. Empty without `by`.' })
  groups!: readonly PerformanceGroup[];

  @Field(() => DateTimeScalar, freshAsOf)
  freshAsOf!: Date;
}

export const TrendDirection = enumOf(['UP', 'DOWN', 'FLAT']);
export type TrendDirection = keyof typeof TrendDirection;

registerEnumType(TrendDirection, {
  name: 'TrendDirection',
  description: 'Where a metric goes.',
  valuesConfig: {
    UP: { description: 'Its line rises by 5 % or more.' },
    DOWN: { description: 'Its line falls by 5 % or more.' },
    FLAT: { description: 'Neither, or there are too few values.' },
  },
});

@ObjectType({ description: 'Where a metric goes, by the line of least squares through its points.' })
export class Trend {
  @Field(() => [MetricPoint], { description: 'One point for each bucket of the range, oldest first.' })
  points!: readonly MetricPoint[];

  @Field(() => Float, {
    nullable: true,
    description:
      'By how much the line rises in 24 hours, in the metric’s unit; of counts, tokens and cost by whole buckets alone. Null with fewer than two values.',
  })
  slopePerDay!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'From the line’s start to its end, as a share of its start: 0.5 is half as much again. Null from 0.',
  })
  changeShare!: number | null;

  @Field(() => TrendDirection, { description: 'Where it goes.' })
  direction!: TrendDirection;

  @Field(() => [DateTimeScalar], {
    description: 'Starts of buckets that stand out: by more than 3.5 median absolute deviations.',
  })
  outliers!: readonly Date[];
}

@ObjectType({ description: 'A UTC month: its key figures, its days, and who spent most.' })
export class MonthlyReport {
  @Field(() => String, { description: 'The month, such as "2026-10".' })
  month!: string;

  @Field(() => Boolean, { description: 'Whether it is over. Late traces may still come.' })
  isClosed!: boolean;

  @Field(() => Kpis, { description: 'Its key figures, compared with the period of the same length before.' })
  kpis!: Kpis;

  @Field(() => [MetricPoint], { description: 'What each of its days cost, in US dollars.' })
  days!: readonly MetricPoint[];

  @Field(() => [MetricBreakdown], { description: 'The 20 most expensive departments.' })
  byDepartment!: readonly MetricBreakdown[];

  @Field(() => [MetricBreakdown], { description: 'The 20 most expensive agents.' })
  byAgent!: readonly MetricBreakdown[];

  @Field(() => [MetricBreakdown], { description: 'The 20 most expensive models.' })
  byModel!: readonly MetricBreakdown[];

  @Field(() => [MetricBreakdown], { description: 'The 20 most expensive environments.' })
  byEnvironment!: readonly MetricBreakdown[];

  @Field(() => DateTimeScalar, freshAsOf)
  freshAsOf!: Date;
}
