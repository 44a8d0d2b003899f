import { z } from 'zod';
import { LiteLlmPrices } from './domain/prices/LiteLlmPrices.js';
import type { PriceBook } from './domain/prices/PriceBook.js';
import { ShippedPrices } from './domain/prices/ShippedPrices.js';
import { readConfig, setting } from '@tributary/kernel';
import { defaultOtlpOptions, type OtlpOptions } from './domain/otlp/OtlpIntake.js';

/** What calls of models cost. */
export const priceSettings = z.object({
  PRICE_TABLE: z.string().optional().meta({
    description: 'a file in the form of LiteLLM’s model_prices_and_context_window.json, in place of the shipped table',
    otherwise: 'the table of @pydantic/genai-prices',
  }),
});

/** Throws a ConfigError when the file is not readable. */
export function readPriceBook(env: NodeJS.ProcessEnv = process.env): PriceBook {
  const { PRICE_TABLE } = readConfig(priceSettings, env);
  return PRICE_TABLE === undefined ? new ShippedPrices() : LiteLlmPrices.fromFile(PRICE_TABLE);
}

/** What is taken in over OTLP. */
export const otlpSettings = z.object({
  OTLP_MOST_BYTES: setting
    .count(defaultOtlpOptions.maxBytes, 64 * 1024 * 1024)
    .describe('of one request of spans, unzipped'),
  OTLP_SPANS: z
    .enum(['agents', 'all'], { error: 'must be agents or all' })
    .default('agents')
    .describe('which spans are stored: those of agents and models, or `all`, the others as kind OTHER'),
  OTLP_CONTENTS: z
    .enum(['drop', 'keep'], { error: 'must be drop or keep' })
    .default('drop')
    .describe('what was said to models and by them: dropped, or kept in a trace’s attributes'),
});

export function readOtlpConfig(env: NodeJS.ProcessEnv = process.env): OtlpOptions {
  const { OTLP_MOST_BYTES, OTLP_SPANS, OTLP_CONTENTS } = readConfig(otlpSettings, env);
  return { maxBytes: OTLP_MOST_BYTES, allSpans: OTLP_SPANS === 'all', contents: OTLP_CONTENTS === 'keep' };
}
