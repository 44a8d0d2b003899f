/** What a model costs, in US dollars for a million tokens. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
  /** Null: as `input`. */
  readonly cachedInput: number | null;
  /** Null: as `input`. */
  readonly cacheWrite: number | null;
}

/** A price of a workspace. */
export interface ModelPrice extends TokenPrices {
  /** Lower case. */
  readonly model: string;
  /** Lower case; '' for all. */
  readonly provider: string;
  readonly validFrom: Date;
}
