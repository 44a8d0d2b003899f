import { z } from 'zod';
import { readRedisAddress } from './redisAddress.js';

/** A setting that says where Redis is; what cannot be one is refused at the start, with the forms that there are. */
export const redisUrlSetting = () =>
  z.string({ error: 'is missing: the URL of Redis, such as redis://redis:6379' }).superRefine((url, context) => {
    try {
      readRedisAddress(url);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });
