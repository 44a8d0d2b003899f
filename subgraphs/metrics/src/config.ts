import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';
import { defaultOtlpOptions, type OtlpOptions } from './domain/otlp/OtlpIntake.js';

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
