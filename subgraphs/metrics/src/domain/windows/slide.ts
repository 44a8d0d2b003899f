import type { WindowFigure } from '@tributary/contracts/commands';
import type { Metric } from '@tributary/contracts/values';
import type { WindowPart } from '../../storage/windows/windowParts.js';
import { RunningFigure } from './RunningFigure.js';
import { beginOf, boundsOf, endOf } from './Windows.js';
import type { Windows } from './Windows.js';

export interface GroupWindow extends WindowFigure {
  readonly requests: number;
}

/** The figures of one group: one for each window that has traces. Each part comes in once and goes out once, however long windows are. */
export function slide(metric: Metric, windows: Windows, parts: readonly WindowPart[]): GroupWindow[] {
  const bounds = boundsOf(windows);
  const beginOfPart = ({ segment }: WindowPart) => bounds[segment - 1]!;
  const figure = new RunningFigure(metric);
  for (const part of parts) if (part.segment === 0) figure.add(part);
  const moving = parts.filter(({ segment }) => segment > 0).sort((one, other) => one.segment - other.segment);
  const found: GroupWindow[] = [];
  let [next, first] = [0, 0];
  for (let index = 0; index < windows.count; index += 1) {
    const [begin, end] = [beginOf(windows, index), endOf(windows, index)];
    while (next < moving.length && beginOfPart(moving[next]!) < end) figure.add(moving[next++]!);
    while (first < next && beginOfPart(moving[first]!) < begin) figure.remove(moving[first++]!);
    if (figure.requests > 0)
      found.push({ key: parts[0]!.key, index, value: figure.value(), requests: figure.requests });
  }
  return found;
}
