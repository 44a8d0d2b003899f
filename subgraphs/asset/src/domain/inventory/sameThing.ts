import type { FoundAsset } from '@tributary/contracts/commands';
import type { Candidate } from '../../storage/inventoryStatements.js';
import { nameKeyOf } from '../searchTerms.js';

/** Weak keys are names: they hold within a scope, and only as long as nothing speaks against them. Strong ones are ids. */
export function isWeakKey(key: string): boolean {
  return key.startsWith('name:');
}

/** What a thing is by its kind, where two of a name cannot be one: null for kinds that may be either. */
export function natureOf(kind: string): 'software' | 'hardware' | null {
  if (kind === 'APPLICATION' || kind === 'SERVICE') return 'software';
  const isHardware = ['SERVER', 'VIRTUAL_MACHINE', 'NETWORK_DEVICE', 'STORAGE', 'CONTAINER'].includes(kind);
  return isHardware ? 'hardware' : null;
}

/** The key of a thing that has another's name and is not that other. */
export function keyApart(key: string, nature: string): string {
  return `${key}~${nature}`;
}

export const natures = ['software', 'hardware'] as const;

/** Whether two kinds of a name are two things: an application is not the server that is called like it. */
export function differInNature(one: string, other: string): boolean {
  const [first, second] = [natureOf(one), natureOf(other)];
  return first !== null && second !== null && first !== second;
}

/**
 * Whether a row whose keys nothing has is the asset that is called like it. A name is enough where one of the two has no id and nothing
 * speaks against it; two ids of different systems, or a scope that only one of them says, want an address or a full host name that agrees.
 */
export function isSameThing(found: FoundAsset, known: Candidate): boolean {
  if (known.sourceShape === '') return !differInNature(found.kind, known.kind) && !differ(found.scope, known.scope);
  if (differInNature(found.kind, known.kind) || differ(found.scope, known.scope)) return false;
  const isFullName = found.hostname?.includes('.') === true;
  const sameHost = isFullName && found.hostname === known.hostname;
  if (isFullName && known.hostname?.includes('.') === true && !sameHost) return false;
  const sameAddress = found.ipAddress !== null && found.ipAddress === known.ipAddress;
  if (differ(found.ipAddress, known.ipAddress) && !sameHost) return false;
  const agrees = sameHost || sameAddress;
  if (isWeakKey(found.key) || isWeakKey(known.sourceKey)) return agrees || found.scope === null || known.scope !== null;
  return agrees && idSpace(found.key) !== idSpace(known.sourceKey);
}

/**
 * Whether a row whose key nothing has is the asset of another source that has one of its serial numbers or UUIDs. Two records of one source
 * are two things, whatever they share.
 */
export function isSameHardware(found: FoundAsset, known: Candidate): boolean {
  return known.sourceShape !== found.sourceShape && !differInNature(found.kind, known.kind);
}

/** Ids of one space tell two things apart. */
function idSpace(key: string): string {
  const ext = /^ext:[^:]*:/.exec(key);
  if (ext) return ext[0];
  const id = key.slice('id:'.length);
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)) return 'uuid';
  if (id.startsWith('arn:')) return 'arn';
  if (id.startsWith('/')) return 'path';
  return /^i-[0-9a-f]{8,}$/.test(id) ? 'instance' : 'other';
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && nameKeyOf(one) !== nameKeyOf(other);
}
