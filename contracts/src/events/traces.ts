/** What is written to stream `traces`. */
export const traceEventTypes = ['traces.ingested'] as const;
export type TraceEventType = (typeof traceEventTypes)[number];

/** From the first up to, and without, the second: whole minutes or hours since 1970, UTC. */
export type TimeSpan = readonly [from: number, to: number];

/** The payload of `traces.ingested`: one call's traces that were new. Its sequence is the number of the batch, in order of commit. */
export type TracesIngestedPayload = {
  /** Bare uuid; the traces carry it. */
  readonly batchId: string;
  readonly accepted: number;
  /** When the first and the last of them began, ISO 8601. */
  readonly firstStartedAt: string;
  readonly lastStartedAt: string;
  /** Hours in which traces began, ascending. */
  readonly hours: readonly TimeSpan[];
  /** Minutes of the past in which traces began: figures over them may have changed. Many of them are told as wider spans. */
  readonly minutesStarted: readonly TimeSpan[];
  /** The same by when the traces ended. */
  readonly minutesEnded: readonly TimeSpan[];
  /** What the dearest agents cost, dearest first, 50 at most, in 10⁻⁹ US dollars as text. */
  readonly costs: readonly { readonly agent: string; readonly nano: string }[];
  /** What all others cost. */
  readonly restNano: string;
};
