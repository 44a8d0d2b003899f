import { CodedError } from '@tributary/contracts/errors';
import type { Side } from '../storage/dependencyStatements.js';
import type { DependencyDirection } from './assetValues.js';

export const sidesOf: Readonly<Record<DependencyDirection, readonly Side[]>> = {
  OUTGOING: [0],
  INCOMING: [1],
  BOTH: [0, 1],
};

/** Steps that a walk from one asset takes at most; assets of one request share what they have together. */
const stepsPerAsset = 20_000;
const stepsPerRequest = 200_000;

export function stepsFor(assetIds: readonly string[]): number {
  return Math.min(stepsPerAsset * assetIds.length, stepsPerRequest);
}

/** Throws INVALID_INPUT unless it is 1 to 5. */
export function checkedDepth(depth: number): number {
  if (depth >= 1 && depth <= 5) return depth;
  throw new CodedError('INVALID_INPUT', '`depth` must be 1 to 5.', { field: 'depth' });
}
