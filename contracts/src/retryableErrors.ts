/** The codes whose request may succeed later without being changed, as the register says: by themselves, so that a page carries few bytes. */
export const retryableErrorCodes = [
  'RATE_LIMIT_EXCEEDED',
  'BUDGET_EXCEEDED',
  'DATABASE_ERROR',
  'CACHE_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;
