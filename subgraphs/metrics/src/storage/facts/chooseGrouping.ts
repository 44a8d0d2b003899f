import type { MetricDimension } from '@tributary/contracts/values';
import { groupingOf, groupings } from '../rollup/groupings.js';
import type { Grouping } from '../rollup/groupings.js';
import type { TraceFilter } from '../traceSelection.js';

/** Dimensions of a series that have no column in a cell. */
const keyed = ['agent', 'department', 'model', 'version', 'provider'] as const;
type Keyed = (typeof keyed)[number];

const dimensionOf: Readonly<Partial<Record<MetricDimension, Keyed>>> = {
  AGENT: 'agent',
  DEPARTMENT: 'department',
  MODEL: 'model',
  VERSION: 'version',
  PROVIDER: 'provider',
};

/** The smallest grouping that can tell what a selection and its groups need; null where only traces can. */
export function chooseGrouping(filter: TraceFilter, groupBy: MetricDimension | null): Grouping | null {
  if (groupBy === 'FLOW' || groupBy === 'OPERATION' || filter.flowId || filter.sessionId) return null;
  const needed = new Set<Keyed>(keyed.filter((name) => filter[name]));
  const grouped = groupBy && dimensionOf[groupBy];
  if (grouped) needed.add(grouped);
  const [only, ...others] = needed;
  if (only === undefined) return groupings.ALL;
  return others.length > 0 ? groupings.SERIES : (groupingOf[only] ?? groupings.SERIES);
}
