import { foldId, isUuid } from '../normalise/foldId.js';
import type { CleansingPlan } from './CleansingPlan.js';
import type { MatchKeys } from './cleanResult.js';

/**
 * Keys by which the asset subgraph finds an asset again. An id that no two systems would both give is a key by itself; a
 * running number is one only together with its column, and, if that is taken, the shape of its source.
 */
export function matchKeysOf(
  plan: CleansingPlan,
  name: string,
  externalId: string | null,
  scope: string | null,
): MatchKeys {
  if (externalId === null) {
    const within = scope === null ? '' : `@${scope.toLowerCase()}`;
    return { primary: `name:${name.toLowerCase()}${within}`, fallback: null };
  }
  if (isGloballyUnique(externalId)) return { primary: `id:${foldId(externalId)}`, fallback: null };
  const primary = `ext:${plan.idColumn}:${externalId}`;
  return { primary, fallback: `${primary}:${plan.sourceShape}` };
}

/** UUIDs, ids of cloud providers, and long ids of letters and digits such as serial numbers. */
export function isGloballyUnique(id: string): boolean {
  if (/^\d*$/.test(id)) return false;
  if (isUuid(id) || id.startsWith('arn:') || id.startsWith('/subscriptions/') || /^i-[0-9a-f]{8,}$/.test(id))
    return true;
  return id.length >= 8 && /[a-z]/i.test(id) && /\d/.test(id);
}
