import { hash } from 'node:crypto';
import type { FoundAsset } from '@tributary/contracts/commands';
import { nameKeyOf } from '../searchTerms.js';

/** A found asset that can be stored, with what it is compared by. */
export interface ReadAsset {
  readonly found: FoundAsset;
  readonly nameKey: string;
  /** Of all that the source said of it: the same when it says the same. */
  readonly fingerprint: string;
}

/** In JSON: NUL and halves of surrogate pairs, which PostgreSQL does not store. */
const unstorable = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;
const maxValue = 255;
const maxHostname = 512;

export function readFound(asset: FoundAsset): ReadAsset {
  let found = isTooLong(asset) ? shortened(asset) : asset;
  let json = contentJson(found);
  if (unstorable.test(json)) {
    found = storable(found) as FoundAsset;
    json = contentJson(found);
  }
  return { found, nameKey: nameKeyOf(found.name), fingerprint: hash('sha256', json, 'base64url').slice(0, 22) };
}

function contentJson(found: FoundAsset): string {
  return JSON.stringify([
    found.key,
    found.fallbackKey,
    ...(found.otherKeys === undefined ? [] : [found.otherKeys]),
    found.sourceShape,
    found.kind,
    found.name,
    found.externalId,
    ...(found.scope === null ? [] : [found.scope]),
    found.status,
    found.environment,
    found.department,
    found.criticality,
    found.hostname,
    found.ipAddress,
    found.operatingSystem,
    found.ownerEmail,
    found.tags,
    found.attributes,
  ]);
}

/** Values of this length fit into an index; no real environment or hostname is longer. */
function isTooLong(asset: FoundAsset): boolean {
  return (
    (asset.environment?.length ?? 0) > maxValue ||
    (asset.department?.length ?? 0) > maxValue ||
    (asset.hostname?.length ?? 0) > maxHostname
  );
}

function shortened(asset: FoundAsset): FoundAsset {
  return {
    ...asset,
    environment: asset.environment && asset.environment.slice(0, maxValue),
    department: asset.department && asset.department.slice(0, maxValue),
    hostname: asset.hostname && asset.hostname.slice(0, maxHostname),
  };
}

/** A copy in which every text can be stored. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]));
}
