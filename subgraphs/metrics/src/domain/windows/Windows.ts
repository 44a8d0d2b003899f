import type { Span } from '../../storage/windows/windowParts.js';

/** Windows of one length that end a step apart: the one with index n holds end − windowMs ≤ t < end, with end = firstEnd + n × stepMs. */
export interface Windows {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
  readonly windowMs: number;
}

export interface WindowPlan {
  /** What all windows hold; null when there is nothing. */
  readonly shared: Span | null;
  /** What some of them hold: before what all hold, and behind it. */
  readonly edges: readonly Span[];
}

export function endOf({ firstEnd, stepMs }: Windows, index: number): number {
  return firstEnd.getTime() + index * stepMs;
}

export function beginOf(windows: Windows, index: number): number {
  return endOf(windows, index) - windows.windowMs;
}

/** From the beginning of the first window to the end of the last. */
export function wholeOf(windows: Windows): Span {
  return { from: new Date(beginOf(windows, 0)), to: new Date(endOf(windows, windows.count - 1)) };
}

/** Divides the time of windows into what all of them hold and what some do. */
export function planWindows(windows: Windows): WindowPlan {
  const whole = wholeOf(windows);
  const shared = { from: new Date(beginOf(windows, windows.count - 1)), to: windows.firstEnd };
  if (shared.from.getTime() >= shared.to.getTime()) return { shared: null, edges: [whole] };
  const edges = [
    { from: whole.from, to: shared.from },
    { from: shared.to, to: whole.to },
  ];
  return { shared, edges: edges.filter(({ from, to }) => from.getTime() < to.getTime()) };
}

/** Every moment at which a window begins or ends, ascending. */
export function boundsOf(windows: Windows): number[] {
  const bounds = new Set<number>();
  for (let index = 0; index < windows.count; index += 1) bounds.add(beginOf(windows, index)).add(endOf(windows, index));
  return [...bounds].sort((one, other) => one - other);
}
