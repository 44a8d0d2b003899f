import { CodedError } from '@tributary/contracts/errors';
import type { KnownOperation } from './KnownOperation.js';

/** What the operation costs. Throws OPERATION_TOO_COMPLEX over `most`, with the path that most of it goes to. */
export function checkCost(
  operation: KnownOperation,
  variables: Readonly<Record<string, unknown>>,
  most: number,
): number {
  const { cost, mostExpensive } = operation.cost(variables);
  if (cost <= most) return cost;
  throw new CodedError(
    'OPERATION_TOO_COMPLEX',
    `The operation may cost ${cost}, and ${most} is the most. Ask for shorter pages, or for less of each item.`,
    { limit: 'cost', cost, most, path: mostExpensive },
  );
}
