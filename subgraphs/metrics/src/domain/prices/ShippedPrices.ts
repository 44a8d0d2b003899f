import type { calcPrice } from '@pydantic/genai-prices';
import { modelNames } from './modelNames.js';
import type { PriceBook, PricedCall } from './PriceBook.js';

/** The table that comes with the product: bundled in @pydantic/genai-prices, as old as that package. */
export class ShippedPrices implements PriceBook {
  private calcPrice: typeof calcPrice | null = null;

  /** Most threads never price anything, and the table takes 3 MB. */
  async load(): Promise<void> {
    this.calcPrice ??= (await import('@pydantic/genai-prices')).calcPrice;
  }

  costNano(call: PricedCall): number | null {
    const usage = {
      input_tokens: call.inputTokens,
      output_tokens: call.outputTokens,
      cache_read_tokens: call.cachedInputTokens,
      cache_write_tokens: call.cacheWriteTokens,
    };
    for (const model of modelNames(call.model)) {
      const provider = call.provider === null ? {} : { providerId: call.provider.toLowerCase() };
      const price = this.calcPrice!(usage, model, { ...provider, timestamp: call.at });
      if (price) return price.total_price * 1e9;
    }
    return null;
  }
}
