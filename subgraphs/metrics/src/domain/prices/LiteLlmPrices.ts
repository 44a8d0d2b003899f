import { readFileSync } from 'node:fs';
import { ConfigError } from '@tributary/kernel';
import { z } from 'zod';
import { costNanoAt, type TokenPrices } from './costNanoAt.js';
import { modelNames } from './modelNames.js';
import type { PriceBook, PricedCall } from './PriceBook.js';

const price = z.number().min(0);
const entry = z.object({
  litellm_provider: z.string().optional(),
  input_cost_per_token: price,
  output_cost_per_token: price.optional(),
  cache_read_input_token_cost: price.nullish(),
  cache_creation_input_token_cost: price.nullish(),
});

/** Dollars for one token and for a million. */
const million = 1_000_000;

/** A table in the form of LiteLLM's `model_prices_and_context_window.json`. Entries that are not priced by tokens are passed over. */
export class LiteLlmPrices implements PriceBook {
  private readonly prices = new Map<string, TokenPrices>();

  constructor(table: Readonly<Record<string, unknown>>) {
    for (const [name, value] of Object.entries(table)) {
      const { success, data } = entry.safeParse(value);
      if (!success) continue;
      const prices = {
        input: data.input_cost_per_token * million,
        output: (data.output_cost_per_token ?? 0) * million,
        cachedInput: perMillion(data.cache_read_input_token_cost),
        cacheWrite: perMillion(data.cache_creation_input_token_cost),
      };
      this.prices.set(name.toLowerCase(), prices);
      if (data.litellm_provider) this.prices.set(`${data.litellm_provider}/${name}`.toLowerCase(), prices);
    }
  }

  /** Throws a ConfigError. */
  static fromFile(path: string): LiteLlmPrices {
    try {
      return new LiteLlmPrices(z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8'))));
    } catch (cause) {
      throw new ConfigError(`PRICE_TABLE names ${path}, which is no readable table of prices in JSON.`, { cause });
    }
  }

  costNano(call: PricedCall): number | null {
    for (const name of modelNames(call.model)) {
      const ofProvider = call.provider === null ? undefined : this.prices.get(`${call.provider.toLowerCase()}/${name}`);
      const prices = ofProvider ?? this.prices.get(name);
      if (prices) return costNanoAt(prices, call);
    }
    return null;
  }
}

function perMillion(ofOne: number | null | undefined): number | null {
  return ofOne === null || ofOne === undefined ? null : ofOne * million;
}
