import { readConfig, setting } from '@tributary/kernel';
import { z } from 'zod';
import type { CacheTimes } from './cacheKinds.js';

const longestSeconds = 86_400;

/** What is remembered of answers, and for how long. */
export const cacheSettings = z.object({
  CACHE_L1_BYTES: setting
    .count(64 * 1024 * 1024, 16 * 1024 * 1024 * 1024)
    .describe('of answers that one process keeps; 0 keeps none'),
  CACHE_TTL_HOT: setting.count(30, longestSeconds).describe('how long figures of the last hour are kept, in seconds'),
  CACHE_TTL_WARM: setting.count(300, longestSeconds).describe('how long figures of dashboards are kept, in seconds'),
  CACHE_TTL_COLD: setting
    .count(1_800, longestSeconds)
    .describe('how long figures of days that are over are kept, in seconds'),
});

export interface CacheConfig {
  readonly maxBytes: number;
  readonly times: CacheTimes;
}

export function readCacheConfig(env: NodeJS.ProcessEnv = process.env): CacheConfig {
  const { CACHE_L1_BYTES, CACHE_TTL_HOT, CACHE_TTL_WARM, CACHE_TTL_COLD } = readConfig(cacheSettings, env);
  return {
    maxBytes: CACHE_L1_BYTES,
    times: { HOT: CACHE_TTL_HOT * 1_000, WARM: CACHE_TTL_WARM * 1_000, COLD: CACHE_TTL_COLD * 1_000 },
  };
}
