import { RangeChanges } from '@tributary/cache';
import type { Cache, CacheKind } from '@tributary/cache';
import { scopeOf } from '@tributary/data';
import type { Database, TenantScope } from '@tributary/data';
import { noteStaleAnswer } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { changedHours, changesRead } from '../storage/changedHours.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { readExactKpis, readKpis } from './kpis.js';
import type { Kpis } from './kpis.js';
import { readBreakdown } from './metricBreakdown.js';
import type { BreakdownRequest, MetricBreakdown } from './metricBreakdown.js';
import { readSeries } from './metricSeries.js';
import type { MetricSeries, SeriesRequest } from './metricSeries.js';
import { rangeOfMonth, readMonthlyReport } from './monthlyReport.js';
import type { MonthlyReport } from './monthlyReport.js';
import { readCost, readPerformance, readUsage } from './reports.js';
import type { CostReport, PerformanceReport, ReportRequest, UsageReport } from './reports.js';
import { periodBefore } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How old an answer may be: 0 is none but a new one, null as old as is good for its kind. */
interface Aged {
  readonly maxAgeMs: number | null;
}

/** Figures that readers share: the same question of the same workspace is computed once for a while. */
export class CachedFigures {
  private readonly changes: RangeChanges;

  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
  ) {
    this.changes = new RangeChanges(async (scope, after, limit) =>
      changesRead(await database.read(scope, changedHours(after, limit))),
    );
  }

  kpis(
    context: RequestContext,
    request: Aged & { readonly range: TimeRange; readonly filter: TraceFilter; readonly exact: boolean },
  ): Promise<Kpis> {
    const { range, filter, exact } = request;
    const read = exact ? readExactKpis : readKpis;
    return this.answer(context, 'kpis', 'WARM', request, (scope) => read(this.database, scope, range, filter));
  }

  series(context: RequestContext, request: Aged & SeriesRequest): Promise<readonly MetricSeries[]> {
    return this.answer(context, 'series', 'WARM', request, (scope) => readSeries(this.database, scope, request));
  }

  /** A series for a trend: what it shows is slow to change. */
  trend(context: RequestContext, request: Aged & SeriesRequest): Promise<readonly MetricSeries[]> {
    return this.answer(context, 'series', 'COLD', request, (scope) => readSeries(this.database, scope, request));
  }

  breakdown(context: RequestContext, request: Aged & BreakdownRequest): Promise<readonly MetricBreakdown[]> {
    return this.answer(context, 'breakdown', 'WARM', request, (scope) => readBreakdown(this.database, scope, request));
  }

  usage(context: RequestContext, request: Aged & ReportRequest): Promise<UsageReport> {
    return this.answer(context, 'usage', 'WARM', request, (scope) => readUsage(this.database, scope, request));
  }

  cost(context: RequestContext, request: Aged & ReportRequest): Promise<CostReport> {
    return this.answer(context, 'cost', 'WARM', request, (scope) => readCost(this.database, scope, request));
  }

  performance(context: RequestContext, request: Aged & ReportRequest): Promise<PerformanceReport> {
    return this.answer(context, 'performance', 'WARM', request, (scope) =>
      readPerformance(this.database, scope, request),
    );
  }

  /** Throws INVALID_INPUT for what is no month. */
  monthlyReport(
    context: RequestContext,
    request: Aged & { readonly month: string; readonly filter: TraceFilter },
  ): Promise<MonthlyReport> {
    const { month, filter } = request;
    const asked = { ...request, range: rangeOfMonth(month) };
    return this.answer(context, 'monthlyReport', 'COLD', asked, (scope) =>
      readMonthlyReport(this.database, scope, month, filter),
    );
  }

  private async answer<Answer, Asked extends Aged & { readonly range: TimeRange; readonly filter: TraceFilter }>(
    context: RequestContext,
    scope: string,
    kind: CacheKind,
    { maxAgeMs, ...asked }: Asked,
    compute: (scope: TenantScope) => Promise<Answer>,
  ): Promise<Answer> {
    const { range, filter } = asked;
    const { answer, isDegraded } = await this.cache.cached(
      scopeOf(context),
      {
        domain: 'metrics',
        scope,
        asked: { ...asked, filter: sameFilter(filter) },
        kind: kindOf(range, kind),
        // Most figures come with those of the period before.
        range: { from: periodBefore(range).from.getTime(), to: range.to.getTime() },
        changes: this.changes,
        maxAgeMs,
      },
      compute,
    );
    if (isDegraded) noteStaleAnswer(context);
    return answer;
  }
}

/** Of what has been over for a day, little comes; what began within the last hour is looked at for what is new. */
function kindOf({ from, to }: TimeRange, otherwise: CacheKind): CacheKind {
  const now = Date.now();
  if (to.getTime() <= now - dayMs) return 'COLD';
  return from.getTime() >= now - hourMs - 60_000 ? 'HOT' : otherwise;
}

/** One form for all filters that let the same through. */
function sameFilter(filter: TraceFilter): Record<string, readonly string[]> {
  const lists = Object.entries(filter) as [string, readonly string[] | null | undefined][];
  return Object.fromEntries(lists.flatMap(([name, values]) => (values ? [[name, [...new Set(values)].sort()]] : [])));
}
