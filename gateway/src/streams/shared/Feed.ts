import type { FormattedResult } from '../../result/operationOutcome.js';
import type { StreamPosition } from '../../result/StreamPosition.js';

/** An event of a stream in its final form. */
export interface LiveEvent {
  readonly result: FormattedResult;
  readonly position: StreamPosition;
  /** Of a word about the stream itself, in a shared execution: the cursor that this execution stood at before. */
  readonly replaces?: string | null;
}

/** One execution of a subscription to a stream. It has no end of its own. */
export interface Feed {
  /** Null when it was closed. Throws a StreamFailure when it cannot go on. */
  next(): Promise<LiveEvent | null>;
  close(): Promise<void>;
}
