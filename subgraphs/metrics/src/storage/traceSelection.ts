import type { Parameters } from '@tributary/data';
import { firstIdAt } from './traceId.js';

/** Narrows traces down. A list lets through what equals one of its values; null or absent lets everything through. */
export interface TraceFilter {
  readonly agent?: readonly string[] | null;
  readonly department?: readonly string[] | null;
  readonly environment?: readonly string[] | null;
  readonly model?: readonly string[] | null;
  readonly provider?: readonly string[] | null;
  readonly version?: readonly string[] | null;
  readonly kind?: readonly string[] | null;
  /** Public ids. */
  readonly flowId?: readonly string[] | null;
  readonly sessionId?: readonly string[] | null;
  readonly status?: readonly string[] | null;
}

/** Traces that began in `from` ≤ t < `to` and that the filter lets through. */
export interface TraceSelection {
  readonly from: Date;
  readonly to: Date;
  readonly filter: TraceFilter;
}

/** Of the trace, as `t`. */
const traceFilters = {
  kind: 't.kind',
  flowId: 't.flow_id',
  sessionId: 't.session_id',
  status: 't.status',
} as const satisfies Partial<Record<keyof TraceFilter, string>>;

/** Of its series. */
const seriesFilters = {
  agent: 'agent',
  department: 'department',
  environment: 'environment',
  model: 'model',
  provider: 'provider',
  version: 'version',
} as const satisfies Partial<Record<keyof TraceFilter, string>>;

/** The condition of a selection on table trace, as `t`. */
export function selects(parameters: Parameters, selection: TraceSelection): string {
  return [
    't.workspace_id = $1',
    `t.id >= ${parameters.add(firstIdAt(selection.from))}::uuid`,
    `t.id < ${parameters.add(firstIdAt(selection.to))}::uuid`,
    ...filters(parameters, selection.filter),
  ].join(' and ');
}

/** The conditions of a filter on table trace, as `t`. */
export function filters(parameters: Parameters, filter: TraceFilter): string[] {
  const chosen = chosenSeries(parameters, filter, 'f.series');
  return [...conditions(parameters, filter, traceFilters), ...(chosen ? [`t.series = any(array(${chosen}))`] : [])];
}

/** A query of the series that a filter lets through; null when it says nothing of them. */
export function chosenSeries(parameters: Parameters, filter: TraceFilter, column: string): string | null {
  const ofSeries = conditions(parameters, filter, seriesFilters);
  if (ofSeries.length === 0) return null;
  return `select ${column} from trace_series f where f.workspace_id = $1 and ${ofSeries.join(' and ')}`;
}

function conditions(
  parameters: Parameters,
  filter: TraceFilter,
  columns: Partial<Record<keyof TraceFilter, string>>,
): string[] {
  return Object.entries(columns).flatMap(([field, column]) => {
    const wanted = filter[field as keyof TraceFilter];
    if (!wanted) return [];
    // No stored text has a NUL, and PostgreSQL refuses to compare with one.
    const storable = wanted.filter((value) => !value.includes('\0'));
    return [`${column} = any(${parameters.add(storable)}::text[])`];
  });
}
