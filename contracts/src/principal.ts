import type { Role } from './roles.js';

/** Who did it: a person, a partner's key, or a part of this product. Ids are bare uuids. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'apiKey'; readonly id: string }
  | { readonly kind: 'system'; readonly part: string };

/**
 * On whose behalf a request runs, and in which workspace. It enters once, at the gateway (or at a job), and travels as
 * a whole; nothing below can change its workspace.
 */
export interface Principal {
  /** Bare uuid. */
  readonly workspaceId: string;
  readonly actor: Actor;
  /** SYSTEM is for jobs and internal commands; no person and no key can have it. */
  readonly role: Role | 'SYSTEM';
  /** The actions that a key is limited to; null for people and jobs, whom only the role limits. */
  readonly scopes: readonly string[] | null;
  /** Bare uuid of the session that a person signed in with here. Absent for keys, jobs and tokens of other issuers. */
  readonly sessionId?: string | undefined;
}

/** The principal of a part of this product that works inside one workspace, such as a job or a rule evaluator. */
export function systemPrincipal(workspaceId: string, part: string): Principal {
  return { workspaceId, actor: { kind: 'system', part }, role: 'SYSTEM', scopes: null };
}
