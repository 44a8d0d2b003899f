import type { FlowRow } from './flowColumns';
import { timeText } from '../../words/format';

export interface GanttRow {
  readonly flow: FlowRow;
  /** In ms since 1970: created, started, ended or now. */
  readonly waited: number;
  readonly begin: number;
  readonly end: number;
}

/** Where each flow lies in time, and the stretch that holds them all. */
export function ganttRows(
  flows: readonly FlowRow[],
  now: number,
): { readonly from: number; readonly to: number; readonly rows: readonly GanttRow[] } {
  const rows = flows.map((flow): GanttRow => {
    const waited = Date.parse(flow.createdAt);
    const begin = flow.startedAt ? Date.parse(flow.startedAt) : waited;
    const ended = flow.finishedAt ? Date.parse(flow.finishedAt) : Math.max(now, begin);
    return { flow, waited, begin, end: Math.max(ended, begin) };
  });
  const from = Math.min(...rows.map(({ waited }) => waited));
  const to = Math.max(...rows.map(({ end }) => end));
  const room = Math.max(1_000, (to - from) * 0.02);
  return { from: from - room, to: to + room, rows };
}

const stepsMs = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  1_209_600, 2_592_000,
].map((seconds) => seconds * 1_000);

/** Round moments within a stretch, `wanted` of them or a few more or less. */
export function niceTicks(from: number, to: number, wanted: number): { readonly at: number; readonly text: string }[] {
  const step = stepsMs.find((size) => (to - from) / size <= wanted) ?? stepsMs.at(-1)!;
  const options: Intl.DateTimeFormatOptions =
    step >= 86_400_000
      ? { day: 'numeric', month: 'short' }
      : step >= 60_000
        ? { hour: '2-digit', minute: '2-digit' }
        : { timeStyle: 'medium' };
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) ticks.push({ at, text: timeText(at, options) });
  return ticks;
}
