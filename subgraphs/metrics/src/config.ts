import { z } from 'zod';
import { LiteLlmPrices } from './domain/prices/LiteLlmPrices.js';
import type { PriceBook } from './domain/prices/PriceBook.js';
import { ShippedPrices } from './domain/prices/ShippedPrices.js';
import { readConfig, setting } from '@tributary/kernel';
import type { RetentionOptions } from './domain/retention/retentionEdges.js';
import type { RollupOptions } from './domain/rollup/rollUp.js';
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

/** How far back traces and figures reach. */
export const retentionSettings = z.object({
  TRACE_DAYS: z.coerce
    .number({ error: daysError(7) })
    .int({ error: daysError(7) })
    .min(7, { error: daysError(7) })
    .max(36_600, { error: daysError(7) })
    .optional()
    .meta({
      description:
        'how long single traces are kept, in days, then by whole weeks; figures of before are told by cells. The same for metrics and worker',
      otherwise: 'for ever',
    }),
  CELL_DAYS: setting
    .count(400, 36_600)
    .refine((days) => days >= 35, { error: daysError(35) })
    .describe('how long figures by the hour are kept, in days, then by whole months; those by the day stay'),
});

function daysError(least: number): string {
  return `must be a whole number of days, ${least} at least`;
}

export function readRetention(env: NodeJS.ProcessEnv = process.env): RetentionOptions {
  const { TRACE_DAYS, CELL_DAYS } = readConfig(retentionSettings, env);
  return { traceDays: TRACE_DAYS ?? null, cellDays: CELL_DAYS };
}

/** How traces are rolled up. */
export const rollupSettings = z.object({
  ROLLUP_MS: setting
    .milliseconds(2_000, 60_000)
    .describe('how long traces are gathered before they are rolled up, in ms'),
  ROLLUP_TRACES: setting
    .count(50_000, 500_000)
    .refine((traces) => traces >= 1_000, { error: 'must be 1,000 at least' })
    .describe('traces that one transaction of the roll-up takes at most'),
});

export function readRollup(env: NodeJS.ProcessEnv = process.env): RollupOptions {
  const { ROLLUP_MS, ROLLUP_TRACES } = readConfig(rollupSettings, env);
  return { everyMs: ROLLUP_MS, maxTraces: ROLLUP_TRACES };
}
