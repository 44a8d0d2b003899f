import { CodedError } from '@tributary/contracts/errors';
import type { KnownOperation } from '../KnownOperation.js';

/**
 * Questions about the schema, where they may be asked, stand in operations of their own: the engine would answer a mixture
 * with half of it missing, without an error.
 */
export function checkIntrospection({ asksSchema, isIntrospection }: KnownOperation, allowed: boolean): void {
  if (!asksSchema) return;
  if (!allowed)
    throw new CodedError('INSUFFICIENT_PERMISSIONS', 'The schema cannot be asked for here. See its documentation.');
  if (!isIntrospection)
    throw new CodedError('INVALID_INPUT', 'Ask for __schema and __type in an operation of their own.');
}
