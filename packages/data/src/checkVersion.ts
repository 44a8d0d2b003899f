import { CodedError } from '@tributary/contracts/errors';

/** Throws RESOURCE_CONFLICT (VERSION_MISMATCH) when a person changes a row as it no longer is. `what`: it, in their words. */
export function checkVersion(what: string, row: { readonly version: number }, version: number): void {
  if (row.version === version) return;
  throw new CodedError('RESOURCE_CONFLICT', `This ${what} was changed since it was read. Read it again, then decide.`, {
    reason: 'VERSION_MISMATCH',
    version: row.version,
  });
}
