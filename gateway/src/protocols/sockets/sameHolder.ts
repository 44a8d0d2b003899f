import type { Principal } from '@tributary/contracts/principal';

/** Whether both are the same person or key in the same workspace. */
export function isSameHolder(one: Principal, other: Principal): boolean {
  return one.workspaceId === other.workspaceId && JSON.stringify(one.actor) === JSON.stringify(other.actor);
}

/** Whether both may do the same. */
export function hasSameAuthority(one: Principal, other: Principal): boolean {
  return one.role === other.role && JSON.stringify(one.scopes) === JSON.stringify(other.scopes);
}
