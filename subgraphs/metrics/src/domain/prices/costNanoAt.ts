import type { TokenPrices } from '../../storage/ModelPriceRow.js';
import type { TokenUsage } from './PriceBook.js';

export type { ModelPrice, TokenPrices } from '../../storage/ModelPriceRow.js';

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
