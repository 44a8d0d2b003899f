/** Work that is due again and again, whether or not anybody asked. */
export interface Schedule {
  /** Says in the log what failed. */
  readonly name: string;
  readonly everyMs: number;
  /** Any number of processes may run it at the same moment: what must be done once has to take care of that itself. */
  readonly run: () => Promise<void>;
}
