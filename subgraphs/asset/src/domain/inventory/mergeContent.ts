import { canonicalJson } from '@tributary/data';
import type { FoundAsset } from '@tributary/contracts/commands';
import type { AssetContent } from '../../storage/assetContent.js';
import { nameKeyOf } from '../searchTerms.js';

/** How much a source may say of an asset that is known already. */
export interface Standing {
  /** Whether this source created the asset: what it leaves out is cleared. Others only add and correct. */
  readonly owns: boolean;
  /** Fields that a person set. No source changes them. */
  readonly editedFields: readonly string[];
}

export function contentOf(found: FoundAsset): AssetContent {
  return {
    kind: found.kind,
    name: found.name,
    externalId: found.externalId,
    scope: found.scope,
    status: found.status,
    environment: found.environment,
    department: found.department,
    criticality: found.criticality,
    hostname: found.hostname,
    ipAddress: found.ipAddress,
    operatingSystem: found.operatingSystem,
    ownerEmail: found.ownerEmail,
    tags: distinctTags(found.tags),
    attributes: found.attributes,
  };
}

/** What is known of an asset after a source found it again (docs/decisions/0020). */
export function mergeContent(current: AssetContent, found: FoundAsset, standing: Standing): AssetContent {
  const said = contentOf(found);
  const merged: AssetContent = standing.owns
    ? said
    : {
        kind: said.kind === 'OTHER' ? current.kind : said.kind,
        name: standsIn(said) ? current.name : said.name,
        externalId: said.externalId ?? current.externalId,
        scope: said.scope ?? current.scope,
        status: said.status === 'UNKNOWN' ? current.status : said.status,
        environment: said.environment ?? current.environment,
        department: said.department ?? current.department,
        criticality: said.criticality === 'UNKNOWN' ? current.criticality : said.criticality,
        hostname: said.hostname ?? current.hostname,
        ipAddress: said.ipAddress ?? current.ipAddress,
        operatingSystem: said.operatingSystem ?? current.operatingSystem,
        ownerEmail: said.ownerEmail ?? current.ownerEmail,
        tags: distinctTags([...current.tags, ...said.tags]),
        attributes: { ...current.attributes, ...said.attributes },
      };
  const kept = Object.entries(current).filter(([field]) => standing.editedFields.includes(field));
  return { ...merged, ...(Object.fromEntries(kept) as Partial<AssetContent>) };
}

/** Whether the source has no name for it: an id or an address stands in, which says less than the name that another source has. */
function standsIn({ name, externalId, ipAddress }: AssetContent): boolean {
  return name === externalId || name === ipAddress;
}

/** The order of attributes and tags does not count. */
export function isSameContent(one: AssetContent, other: AssetContent): boolean {
  for (const field of Object.keys(one) as (keyof AssetContent)[]) {
    if (one[field] !== other[field] && field !== 'tags' && field !== 'attributes') return false;
  }
  return (
    canonicalJson(one.attributes) === canonicalJson(other.attributes) &&
    canonicalJson([...one.tags].sort()) === canonicalJson([...other.tags].sort())
  );
}

/** The first of those that differ in letter case only. */
export function distinctTags(tags: readonly string[]): readonly string[] {
  if (tags.length === 0) return tags;
  const byKey = new Map<string, string>();
  for (const tag of tags) {
    const key = nameKeyOf(tag);
    if (key !== '' && !byKey.has(key)) byKey.set(key, tag);
  }
  return byKey.size === tags.length ? tags : [...byKey.values()];
}
