import type { Parameters } from '@tributary/data';

/** Narrows traces down. A list lets through what equals one of its values; null or absent lets everything through. */
export interface TraceFilter {
  readonly agent?: readonly string[] | null;
  readonly department?: readonly string[] | null;
  readonly environment?: readonly string[] | null;
  readonly model?: readonly string[] | null;
  readonly version?: readonly string[] | null;
  /** Public ids. */
  readonly flowId?: readonly string[] | null;
  readonly status?: readonly string[] | null;
}

/** Traces that began in `from` ≤ t < `to` and that the filter lets through. */
export interface TraceSelection {
  readonly from: Date;
  readonly to: Date;
  readonly filter: TraceFilter;
}

const columns = {
  agent: 'agent',
  department: 'department',
  environment: 'environment',
  model: 'model',
  version: 'version',
  flowId: 'flow_id',
  status: 'status',
} as const satisfies Record<keyof TraceFilter, string>;

/** The condition of a selection. */
export function selects(parameters: Parameters, selection: TraceSelection): string {
  const conditions = [
    'workspace_id = $1',
    `started_at >= ${parameters.add(selection.from)}`,
    `started_at < ${parameters.add(selection.to)}`,
  ];
  for (const [field, column] of Object.entries(columns)) {
    const wanted = selection.filter[field as keyof TraceFilter];
    if (!wanted) continue;
    // No stored text has a NUL, and PostgreSQL refuses to compare with one.
    const storable = wanted.filter((value) => !value.includes('\0'));
    conditions.push(`${column} = any(${parameters.add(storable)}::text[])`);
  }
  return conditions.join(' and ');
}
