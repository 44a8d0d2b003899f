import { costNanoAt, type ModelPrice } from './costNanoAt.js';
import { modelNames } from './modelNames.js';
import type { PriceBook, PricedCall } from './PriceBook.js';

/** The prices that a workspace has set: of the longest name that fits, those of the provider before those of all, the newest that is valid. */
export class WorkspacePrices implements PriceBook {
  constructor(private readonly prices: readonly ModelPrice[]) {}

  costNano(call: PricedCall): number | null {
    const price = this.find(call);
    return price && costNanoAt(price, call);
  }

  private find({ model, provider, at }: PricedCall): ModelPrice | null {
    const providers = [...new Set([provider?.toLowerCase() ?? '', ''])];
    for (const name of modelNames(model)) {
      for (const wanted of providers) {
        const newest = this.prices
          .filter((price) => price.model === name && price.provider === wanted && price.validFrom <= at)
          .reduce<ModelPrice | null>((best, price) => (best && best.validFrom >= price.validFrom ? best : price), null);
        if (newest) return newest;
      }
    }
    return null;
  }
}
