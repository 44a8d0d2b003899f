import { randomUUID } from 'node:crypto';
import { signInPrincipal } from '@tributary/contracts/commands';
import { Deadline } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';

/** The context of a request for sign-in or a key: role SYSTEM, no workspace. */
export function signInContext(requestId: string = randomUUID(), timeoutMs = 5_000): RequestContext {
  return { principal: signInPrincipal, requestId, deadline: Deadline.in(timeoutMs) };
}
