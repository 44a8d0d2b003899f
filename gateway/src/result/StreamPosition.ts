/** Where an event stands in its stream. */
export interface StreamPosition {
  /** 1, 2, 3 … within the stream; 0 for the state of an empty one. */
  readonly sequence: number;
  readonly cursor: string;
  /** Null: the event is about the stream itself (a snapshot or a reset) and follows nothing. */
  readonly previousCursor: string | null;
}
