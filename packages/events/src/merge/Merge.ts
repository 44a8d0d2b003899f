import type { StreamId } from '@tributary/contracts/events';
import type { StreamPosition } from '../streamCursor.js';

/** Several streams of a workspace that are read as one, in the order in which things happened. */
export interface Merge {
  /** Part of its cursors: never changes. */
  readonly name: string;
  /** All that it may ever read, in an order that stays: new ones are put at the end. */
  readonly streams: readonly StreamId[];
  /** Told of in short: what happened within one minute is one item, as of the minute's end. */
  readonly folded: ReadonlySet<StreamId>;
  /** Fields of payloads that its readers have no use for. */
  readonly leaveOut: readonly string[];
  /**
   * How old an event is at least when it is handed out. What happens in two streams at once may become visible in the other order; within
   * this time it is brought into the order in which it happened. A commit that hangs longer is handed out late, and never left out.
   */
  readonly settleMs: number;
}

/** Items of one moment come in the order of their streams' names. */
export function isBefore(
  one: { readonly at: Date; readonly stream: StreamId },
  other: { readonly at: Date; readonly stream: StreamId },
): boolean {
  const between = one.at.getTime() - other.at.getTime();
  return between < 0 || (between === 0 && one.stream < other.stream);
}

/** How many events are behind a reader that stands there. */
export function sumOf(positions: ReadonlyMap<StreamId, StreamPosition>): number {
  let sum = 0;
  for (const { sequence } of positions.values()) sum += sequence;
  return sum;
}
