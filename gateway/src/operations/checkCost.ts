import { CodedError } from '@tributary/contracts/errors';
import { operationCost, type CostedOperation } from './operationCost.js';
import { isIntrospection, rootFieldsOf } from './rootFields.js';

/**
 * What the operation costs. Questions about the schema cost nothing. Throws OPERATION_TOO_COMPLEX over `most`, with the
 * path that most of it goes to.
 */
export function checkCost(costed: CostedOperation, most: number): number {
  if (isIntrospection(rootFieldsOf(costed.document, costed.operation))) return 0;
  const { cost, dearest } = operationCost(costed);
  if (cost <= most) return cost;
  throw new CodedError(
    'OPERATION_TOO_COMPLEX',
    `The operation may cost ${cost}, and ${most} is the most. Ask for shorter pages, or for less of each item.`,
    { limit: 'cost', cost, most, path: dearest },
  );
}
