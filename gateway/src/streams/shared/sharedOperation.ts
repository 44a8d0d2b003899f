import { createHash } from 'node:crypto';
import type { Principal } from '@tributary/contracts/principal';

/** Whom a shared execution runs for: the authority that its watchers have in common, and none of them. */
export function sharedPrincipal(principal: Principal): Principal {
  const { workspaceId, role, scopes, actor } = principal;
  return {
    workspaceId,
    role,
    actor: { kind: 'system', part: 'watchers' },
    // A key without scopes may do next to nothing; null would mean that only the role limits.
    scopes: scopes === null ? (actor.kind === 'apiKey' ? [] : null) : [...new Set(scopes)].sort(),
  };
}

/** Equal for watchers that may share: the same workspace, role, scopes, document and variables, but for where they begin. */
export function shareKey(
  principal: Principal,
  text: string,
  operationName: string | undefined,
  variables: Record<string, unknown>,
): string {
  const { workspaceId, role, scopes } = principal;
  const facts = JSON.stringify([workspaceId, role, scopes, text, operationName ?? null, sorted(variables)]);
  return `${workspaceId}/${createHash('sha256').update(facts).digest('base64url')}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
