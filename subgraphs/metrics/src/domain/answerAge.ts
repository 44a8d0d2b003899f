import { CodedError } from '@tributary/contracts/errors';
import type { GivenRange } from '@tributary/contracts/values';

const longestSeconds = 86_400;

/**
 * How old an answer may be, in ms; null: as the cache sees fit. Who names two moments means what is there now; who asks for the last day
 * sees what all see who look meanwhile. Throws INVALID_INPUT.
 */
export function maxAgeMsOf(range: GivenRange, maxAgeSeconds: number | null | undefined): number | null {
  if (maxAgeSeconds === null || maxAgeSeconds === undefined) return range.last ? null : 0;
  if (maxAgeSeconds < 0 || maxAgeSeconds > longestSeconds)
    throw new CodedError('INVALID_INPUT', '`maxAgeSeconds` must be 0 to 86,400.', {
      field: 'maxAgeSeconds',
      limit: longestSeconds,
    });
  return maxAgeSeconds * 1_000;
}
