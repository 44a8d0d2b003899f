import { CodedError } from '@tributary/contracts/errors';

/** What everybody of a suspended workspace hears: at sign-in, with a token, with a key, and on a stream that runs. */
export function workspaceSuspended(): CodedError {
  return new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    'This workspace is suspended. Ask whoever runs this installation to reactivate it.',
    { reason: 'WORKSPACE_SUSPENDED' },
  );
}
