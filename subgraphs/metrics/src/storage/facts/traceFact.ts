import type { MetricDimension } from '@tributary/contracts/values';

/**
 * Has traces and cells found by their own keys, one range or batch after the other: the planner, which knows little of how many there are
 * in each, would else read the whole range for every part of it, or all partitions for every series.
 */
export const fence = 'offset 0';

/** What a trace, as `t`, is grouped by; names are those of its series, as `s`. */
export const keysOfTraces = {
  AGENT: 's.agent',
  DEPARTMENT: `coalesce(s.department, '')`,
  ENVIRONMENT: `coalesce(s.environment, '')`,
  MODEL: `coalesce(s.model, '')`,
  VERSION: `coalesce(s.version, '')`,
  FLOW: `coalesce(t.flow_id, '')`,
  OPERATION: 't.operation',
  STATUS: 't.status',
  PROVIDER: `coalesce(s.provider, '')`,
  KIND: 't.kind',
} as const satisfies Record<MetricDimension, string>;

/** The key of a trace; '' without groups. */
export function keyOfTrace(groupBy: MetricDimension | null): string {
  return `${groupBy ? keysOfTraces[groupBy] : `''::text`} collate "C"`;
}

/** Dimensions that a trace has itself, and not its series. */
const ownOfTraces: ReadonlySet<MetricDimension> = new Set(['FLOW', 'OPERATION', 'STATUS', 'KIND']);

/** The join that brings the names of a trace's series, where its key needs them. */
export function namesOfTrace(groupBy: MetricDimension | null): string {
  return groupBy === null || ownOfTraces.has(groupBy) ? '' : namesOf('t.series');
}

/** The names of a series, as `s`. */
export function namesOf(series: string): string {
  return `cross join lateral (select * from trace_series n where n.workspace_id = $1 and n.series = ${series} ${fence}) s`;
}

/** The same as `firstIdAt`, of a moment in SQL. */
export function idOf(moment: string): string {
  return `(lpad(to_hex((extract(epoch from ${moment}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;
}
