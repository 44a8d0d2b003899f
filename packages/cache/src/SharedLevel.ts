/** An answer as the processes share it. */
export interface SharedAnswer {
  readonly text: string;
  /** How long ago it was begun to be computed, at most. */
  readonly ageMs: number;
}

/** What all processes remember together. It may forget anything at any time, and never throws. */
export interface SharedLevel extends AsyncDisposable {
  get(key: string): Promise<SharedAnswer | null>;
  /** Does not wait. `ageMs`: how old it is already. */
  put(key: string, answer: SharedAnswer, lifeMs: number): void;
}
