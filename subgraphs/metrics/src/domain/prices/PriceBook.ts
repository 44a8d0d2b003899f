/** What one call of a model used. */
export interface TokenUsage {
  /** All that were read, those of the next two among them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
}

export interface PricedCall extends TokenUsage {
  readonly model: string;
  /** As sent. Null: whoever is known to offer the model. */
  readonly provider: string | null;
  readonly at: Date;
}

/** A table of what models cost. It asks nobody: whatever it knows came with the product, or with its settings. */
export interface PriceBook {
  /** To be waited for before it is asked, where it has this. */
  load?(): Promise<void>;
  /** 10⁻⁹ US dollars, not rounded; null when it knows no price. */
  costNano(call: PricedCall): number | null;
}
