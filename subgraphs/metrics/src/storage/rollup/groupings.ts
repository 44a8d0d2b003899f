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

/** Cells of hours, and of five minutes. They are stored under these numbers. */
export const levels = { HOUR: 1, FIVE_MINUTES: 2 } as const;
export type Level = keyof typeof levels;

/** When the slot of a trace, as `t`, begins. */
export const slotOfTrace: Readonly<Record<Level, string>> = {
  HOUR: `date_trunc('hour', trace_at(t.id), 'UTC')`,
  FIVE_MINUTES: `date_bin('5 minutes', trace_at(t.id), '2000-01-01T00:00:00Z')`,
};

/** Whether a day of this grain has cells of a grouping at a level, in SQL. By version and by combination five minutes hardly compress. */
export function hasCellsOf(level: Level, grain: string, grouping: string): string {
  if (level === 'FIVE_MINUTES')
    return `(${grain} = 'FIVE_MINUTES' and ${grouping} not in (${groupings.VERSION}, ${groupings.SERIES}))`;
  return `(${grain} in ('HOUR', 'FIVE_MINUTES') or ${grain} = 'NARROW' and ${grouping} <> ${groupings.SERIES})`;
}
