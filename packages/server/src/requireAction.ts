import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { mayDo } from '@tributary/contracts/actions';
import type { Action } from '@tributary/contracts/actions';

/** For what no field's @Allow guards. Throws INSUFFICIENT_PERMISSIONS, whether or not what is asked for exists. */
export function requireAction(context: RequestContext, action: Action): void {
  if (mayDo(context.principal, action)) return;
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    `This needs the action ${action}, which your role or key does not have.`,
    { action },
  );
}
