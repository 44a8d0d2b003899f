import type { FoundAsset, FoundDependency } from '@tributary/commands';
import type { CleanAsset, CleanDependency } from '../discovery/cleanse/cleanResult.js';
import { shortHash } from '../discovery/hashText.js';

const longestKey = 600;

/** A cleansed asset in the form that the asset subgraph takes. */
export function toFoundAsset(asset: CleanAsset): FoundAsset {
  const { firstSeenAt, lastSeenAt } = asset;
  return {
    key: bounded(asset.matchKeys.primary),
    fallbackKey: asset.matchKeys.fallback && bounded(asset.matchKeys.fallback),
    sourceShape: asset.sourceShape,
    kind: asset.kind,
    name: asset.name,
    externalId: asset.externalId,
    status: asset.status,
    environment: asset.environment,
    department: asset.department,
    criticality: asset.criticality,
    hostname: asset.hostname,
    ipAddress: asset.ipAddress,
    operatingSystem: asset.operatingSystem,
    ownerEmail: asset.ownerEmail,
    tags: [...asset.tags],
    attributes: {
      ...(firstSeenAt === null ? {} : { firstSeenAt }),
      ...(lastSeenAt === null ? {} : { lastSeenAt }),
      ...asset.attributes,
    },
  };
}

export function toFoundDependency(dependency: CleanDependency): FoundDependency {
  return {
    from: dependency.from.text,
    to: dependency.to.text,
    kind: dependency.kind,
    confidence: dependency.confidence,
    createAs: dependency.toKind,
  };
}

/** A key that is too long is cut, and told apart from others with the same beginning by a hash of the whole. */
function bounded(key: string): string {
  return key.length <= longestKey ? key : `${key.slice(0, longestKey - 11)}#${shortHash(key)}`;
}
