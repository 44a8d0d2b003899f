import type { TokenUsage } from './PriceBook.js';

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

/** A dollar for a million tokens is 1,000 · 10⁻⁹ dollars for one. */
const nanoOfOne = 1_000;

/** 10⁻⁹ US dollars, not rounded. Tokens that were cached are not charged as others, too. */
export function costNanoAt(prices: TokenPrices, usage: TokenUsage): number {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens } = usage;
  const plain = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
  return (
    nanoOfOne *
    (plain * prices.input +
      outputTokens * prices.output +
      cachedInputTokens * (prices.cachedInput ?? prices.input) +
      cacheWriteTokens * (prices.cacheWrite ?? prices.input))
  );
}
