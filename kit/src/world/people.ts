import { systemPrincipal, type Principal } from '@tributary/contracts/principal';
import type { Role } from '@tributary/contracts/roles';
import { Deadline, newUuid, type RequestContext } from '@tributary/kernel';

/** Somebody of a workspace, by default of one that has nothing yet. */
export function person(workspaceId: string = newUuid(), role: Role = 'OPERATOR'): Principal {
  return { workspaceId, actor: { kind: 'user', id: newUuid() }, role, scopes: null };
}

export function keyWith(workspaceId: string, scopes: readonly string[]): Principal {
  return { workspaceId, actor: { kind: 'apiKey', id: newUuid() }, role: 'OPERATOR', scopes };
}

/** A request of theirs that has ten seconds. */
export function requestOf(principal: Principal): RequestContext {
  return { principal, requestId: newUuid(), deadline: Deadline.in(10_000) };
}

/** A request of the product itself. */
export function systemRequest(workspaceId: string): RequestContext {
  return requestOf(systemPrincipal(workspaceId, 'test'));
}
