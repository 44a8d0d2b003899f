import { CodedError } from '@tributary/contracts/errors';

/** RESOURCE_CONFLICT, with why. */
export function conflict(reason: string, message: string, more: Readonly<Record<string, unknown>> = {}): CodedError {
  return new CodedError('RESOURCE_CONFLICT', message, { reason, ...more });
}
