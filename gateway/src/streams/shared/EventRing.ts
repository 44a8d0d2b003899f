import type { LiveEvent } from './Feed.js';

/** A place among the events of one execution: the number, counted from the first event, of the event that comes next. */
export type Place = number;

/** The last events of one execution. */
export class EventRing {
  private readonly events: LiveEvent[] = [];
  /** The place behind the last event. */
  end: Place = 0;

  constructor(readonly size: number) {}

  /** Answers the event that had to leave for this one. */
  push(event: LiveEvent): LiveEvent | undefined {
    const slot = this.end % this.size;
    const left = this.events[slot];
    this.events[slot] = event;
    this.end += 1;
    return left;
  }

  /** Null: not there yet. Undefined: not there any more. */
  at(place: Place): LiveEvent | null | undefined {
    if (place >= this.end) return null;
    if (place < this.end - this.size) return undefined;
    return this.events[place % this.size];
  }
}
