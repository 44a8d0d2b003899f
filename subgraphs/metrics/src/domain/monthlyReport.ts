import { CodedError } from '@tributary/contracts/errors';
import type { Database, TenantScope } from '@tributary/data';
import type { TraceFilter } from '../storage/traceSelection.js';
import { readKpis } from './kpis.js';
import type { Kpis } from './kpis.js';
import { readBreakdown } from './metricBreakdown.js';
import type { MetricBreakdown } from './metricBreakdown.js';
import { readSeries } from './metricSeries.js';
import type { TimeRange } from './timeRange.js';
import type { TrendPoint } from './trend.js';

/** Groups of each list. */
const groups = 20;

export interface MonthlyReport {
  readonly month: string;
  readonly isClosed: boolean;
  readonly kpis: Kpis;
  readonly days: readonly TrendPoint[];
  readonly byDepartment: readonly MetricBreakdown[];
  readonly byAgent: readonly MetricBreakdown[];
  readonly byModel: readonly MetricBreakdown[];
  readonly byEnvironment: readonly MetricBreakdown[];
  readonly freshAsOf: Date;
}

/** A UTC month, "2026-10". Throws INVALID_INPUT. */
export async function readMonthlyReport(
  database: Database,
  scope: TenantScope,
  month: string,
  filter: TraceFilter,
): Promise<MonthlyReport> {
  const range = rangeOfMonth(month);
  const breakdown = (by: 'DEPARTMENT' | 'AGENT' | 'MODEL' | 'ENVIRONMENT') =>
    readBreakdown(database, scope, { by, range, filter, first: groups });
  const [kpis, [cost], byDepartment, byAgent, byModel, byEnvironment] = await Promise.all([
    readKpis(database, scope, range, filter),
    readSeries(database, scope, { metric: 'COST_USD', range, bucket: 'DAY', groupBy: null, filter, first: 1 }),
    breakdown('DEPARTMENT'),
    breakdown('AGENT'),
    breakdown('MODEL'),
    breakdown('ENVIRONMENT'),
  ]);
  return {
    month,
    isClosed: range.to.getTime() <= Date.now(),
    kpis,
    days: cost!.points,
    byDepartment,
    byAgent,
    byModel,
    byEnvironment,
    freshAsOf: kpis.freshAsOf,
  };
}

/** Throws INVALID_INPUT for what is no month. */
export function rangeOfMonth(month: string): TimeRange {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (!year || !number || Number(year) < 1990 || Number(year) > 2199)
    throw new CodedError('INVALID_INPUT', 'A month is written as "2026-10".', { field: 'month' });
  return {
    from: new Date(Date.UTC(Number(year), Number(number) - 1, 1)),
    to: new Date(Date.UTC(Number(year), Number(number), 1)),
  };
}
