/** An answer as the processes share it. */
export interface SharedAnswer {
  readonly text: string;
  /** When its computation began, or earlier, by the clock of `performance` of this process. */
  readonly bornAt: number;
}

/** What all processes remember together. It may forget anything at any time, and never throws. */
export interface SharedLevel extends AsyncDisposable {
  get(key: string): Promise<SharedAnswer | null>;
  /** Does not wait. */
  put(key: string, answer: SharedAnswer, lifeMs: number): void;
}
