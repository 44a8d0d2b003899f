import { shortHash } from '../hashText.js';
import { foldId, isUuid } from '../normalise/foldId.js';
import type { CleansingPlan } from './CleansingPlan.js';
import type { CleanAsset, MatchKeys } from './cleanResult.js';

/** What of a row its keys are made of. */
export type Keyed = Pick<CleanAsset, 'name' | 'externalId' | 'scope' | 'hostname' | 'ipAddress' | 'kind'>;

/** The keys of a row's asset, with those of its serial numbers and UUIDs that no other row of another name has. */
export function allKeysOf(plan: CleansingPlan, asset: Keyed, hardwareKeys: readonly string[]): MatchKeys {
  const keys = matchKeysOf(plan, asset);
  const others = hardwareKeys.filter((key) => key !== keys.primary && !isSharedHardware(plan, key));
  return others.length === 0 ? keys : { ...keys, others: [...new Set(others)] };
}

function isSharedHardware({ sharedHardware }: CleansingPlan, key: string): boolean {
  return sharedHardware.size > 0 && (sharedHardware.has(key) || sharedHardware.has(allHardware));
}

/** Stands for all keys, where too many are shared to be told one by one. */
export const allHardware = '*';

/**
 * Keys by which the asset subgraph finds an asset again. An id that no two systems would both give is a key by itself; a running number
 * is one only together with its column, and, if that is taken, the shape of its source. What rows share that are different things is told
 * apart by what else they say.
 */
function matchKeysOf(plan: CleansingPlan, asset: Keyed): MatchKeys {
  const { name, externalId, scope } = asset;
  if (externalId === null) {
    const within = scope === null ? '' : `@${scope.toLowerCase()}`;
    const key = `name:${name.toLowerCase()}${within}`;
    const isApart = plan.namesByMore.has(name.toLowerCase());
    return { primary: isApart ? `${key}~${whatTellsApart(asset)}` : key, fallback: null };
  }
  const key = keyOfId(plan, externalId);
  if (plan.idsOfSeveral.has(key)) return { primary: keyWithName(key, name), fallback: null };
  if (plan.sharedIds.has(key)) return { primary: `name:${name.toLowerCase()}~${shortHash(key)}`, fallback: null };
  return { primary: key, fallback: isGloballyUnique(externalId) ? null : `${key}:${plan.sourceShape}` };
}

function keyOfId(plan: CleansingPlan, externalId: string): string {
  return isGloballyUnique(externalId) ? `id:${foldId(externalId)}` : `ext:${plan.idColumn}:${externalId}`;
}

/** Whether it is an id that rows of too many names share. */
export function isSharedId(plan: CleansingPlan, externalId: string): boolean {
  return plan.sharedIds.size > 0 && plan.sharedIds.has(keyOfId(plan, externalId));
}

/** The key of one of several things that share an id. */
export function keyWithName(key: string, name: string): string {
  return `${key}~${name.toLowerCase()}`;
}

/** Beside its name: where the thing is in the network, else what it is. */
export function whatTellsApart({ name, hostname, ipAddress, kind }: Omit<Keyed, 'externalId' | 'scope'>): string {
  const host = hostname === null || hostname === name.toLowerCase() ? null : hostname;
  return host ?? ipAddress ?? (kind === 'OTHER' ? '' : kind.toLowerCase());
}

/** UUIDs, ids of cloud providers, and long ids of letters and digits such as serial numbers. */
export function isGloballyUnique(id: string): boolean {
  if (/^\d*$/.test(id)) return false;
  return isOfOneThing(id) || (id.length >= 8 && /[a-z]/i.test(id) && /\d/.test(id));
}

/** Whether it is an id by its form, and could be no name. */
export function isOfOneThing(id: string): boolean {
  return isUuid(id) || id.startsWith('arn:') || id.startsWith('/subscriptions/') || /^i-[0-9a-f]{8,}$/.test(id);
}
