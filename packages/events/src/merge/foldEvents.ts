import type { LoggedEvent } from '../eventLog.js';

/** What a reader of several streams is handed: an event, or those of one minute of a stream that is told of in short. */
export interface MergedItem {
  /** What it is sorted by: when the event happened, or the end of the minute. */
  readonly at: Date;
  /** In the order of the stream, one at least. */
  readonly events: readonly LoggedEvent[];
}

const minuteMs = 60_000;
/** Events of one line at most: a minute with more has several. Where they are cut depends on their numbers alone, so on no reader. */
export const mostOfLine = 100;

/** The events of a stream, oldest first, as items. Of the first and the last line events may be missing. */
export function itemsOf(events: readonly LoggedEvent[], folded: boolean): MergedItem[] {
  if (!folded) return events.map((event) => ({ at: event.at, events: [event] }));
  const lines = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const key = `${minuteOf(event)}/${Math.floor((event.sequence - 1) / mostOfLine)}`;
    const line = lines.get(key);
    if (line) line.push(event);
    else lines.set(key, [event]);
  }
  return [...lines.values()].map((line) => ({ at: new Date((minuteOf(line[0]!) + 1) * minuteMs), events: line }));
}

function minuteOf({ at }: LoggedEvent): number {
  return Math.floor(at.getTime() / minuteMs);
}
