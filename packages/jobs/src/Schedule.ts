import type { WorkKind } from './Job.js';

/** Work that is due again and again, whether or not anybody asked. */
export interface Schedule {
  /** Says in the log what failed. */
  readonly name: string;
  readonly everyMs: number;
  /** Default: reactions. */
  readonly runs?: WorkKind;
  /** Any number of processes may run it at the same moment: what must be done once has to take care of that itself. */
  readonly run: () => Promise<void>;
}
