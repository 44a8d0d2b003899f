import type { Degraded } from './OperationContext.js';
import type { FormattedError } from './formatError.js';

/** A GraphQL result as it goes on the wire. */
export interface FormattedResult {
  readonly data?: unknown;
  readonly errors?: readonly FormattedError[];
  readonly extensions?: { readonly degraded?: readonly Degraded[] };
}

/** How an operation went. */
export type OperationOutcome =
  /** Nothing was executed: the document, the variables or the caller would not do. */
  | { readonly kind: 'refused'; readonly errors: readonly FormattedError[]; readonly cause: unknown }
  | { readonly kind: 'result'; readonly result: FormattedResult }
  /** Ends by itself or by `return()`; throws a StreamFailure when the stream broke. */
  | { readonly kind: 'stream'; readonly events: ClientEvents };

/** The events of a subscription in the form that one client gets. */
export interface ClientEvents extends AsyncGenerator<FormattedResult, void, void> {
  /** Of the event that was handed out last; before the first, where the client asked to begin. Null: none. */
  readonly cursor: string | null;
  /**
   * A quicker way than `next` for what many clients get at once: gives the sink each event, and the next one when that has
   * called `taken`. Resolves when only `next` can tell what comes.
   */
  follow?(sink: EventSink): Promise<void>;
}

/** Where the events of one client go. */
export interface EventSink {
  /** Calls `taken` when the client's connection has taken the event. */
  write(result: FormattedResult, taken: () => void): void;
}

/** A subscription that cannot go on. The client comes back with its last cursor. */
export class StreamFailure extends Error {
  override readonly name = 'StreamFailure';
  constructor(
    readonly errors: readonly FormattedError[],
    /** Whether the connection is to be cut behind it rather than completed, so that clients which come back by themselves do. */
    readonly cuts = false,
  ) {
    super(errors[0]?.message ?? 'The stream broke.');
  }
}
