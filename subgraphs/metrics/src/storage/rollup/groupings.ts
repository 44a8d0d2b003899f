import type { TraceDimensions } from '../traceSeries.js';

/** What traces can be added up by, beside environment, kind and status, which are in each. Cells are stored under these numbers. */
export const groupings = { ALL: 0, AGENT: 1, DEPARTMENT: 2, MODEL: 3, VERSION: 4, SERIES: 9 } as const;
export type Grouping = (typeof groupings)[keyof typeof groupings];

/** Dimensions that have cells of their own. Several together, and the others, are found by series. */
export const groupingOf: Readonly<Partial<Record<keyof TraceDimensions, Grouping>>> = {
  agent: groupings.AGENT,
  department: groupings.DEPARTMENT,
  model: groupings.MODEL,
  version: groupings.VERSION,
};

/** Every grouping with its key, of trace_series as `s`; '' stands for null. */
export const fannedOut = `(values (${groupings.ALL}::smallint, ''), (${groupings.AGENT}, s.agent),
  (${groupings.DEPARTMENT}, coalesce(s.department, '')), (${groupings.MODEL}, coalesce(s.model, '')),
  (${groupings.VERSION}, coalesce(s.version, '')), (${groupings.SERIES}, s.series::text)) as fan (grouping, key)`;

export const hourLevel = 1;
