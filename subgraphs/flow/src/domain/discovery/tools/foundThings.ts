import type { FoundAsset, FoundDependency } from '@tributary/contracts/commands';
import type { CleanAsset, CleanDependency } from '../cleanse/cleanResult.js';
import { shortHash } from '../hashText.js';

const longestKey = 600;
const mostKeys = 8;
const longestRelation = 255;

/** A cleansed asset in the form that the asset subgraph takes. */
export function toFoundAsset(asset: CleanAsset): FoundAsset {
  const { firstSeenAt, lastSeenAt } = asset;
  return {
    key: bounded(asset.matchKeys.primary),
    fallbackKey: asset.matchKeys.fallback && bounded(asset.matchKeys.fallback),
    ...(asset.matchKeys.others === undefined
      ? {}
      : { otherKeys: asset.matchKeys.others.slice(0, mostKeys).map(bounded) }),
    sourceShape: asset.sourceShape,
    kind: asset.kind,
    name: asset.name,
    externalId: asset.externalId,
    scope: asset.scope,
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
  const { matchKeys } = dependency.from;
  return {
    ...(matchKeys === null
      ? {}
      : { fromKeys: [matchKeys.primary, matchKeys.fallback].flatMap((key) => (key === null ? [] : [bounded(key)])) }),
    from: dependency.from.text,
    to: dependency.to.text,
    kind: dependency.kind,
    relation: dependency.relation && dependency.relation.slice(0, longestRelation).toWellFormed(),
    confidence: dependency.confidence,
    createAs: dependency.toKind,
  };
}

/** A key that is too long is cut, and told apart from others with the same beginning by a hash of the whole. */
function bounded(key: string): string {
  return key.length <= longestKey ? key : `${key.slice(0, longestKey - 11)}#${shortHash(key)}`;
}

/** What an asset weighs in a command, in characters, roughly: names of fields and marks count 400. */
export function weighAsset(asset: FoundAsset): number {
  let weight = 400 + asset.key.length + asset.name.length * 2;
  for (const tag of asset.tags) weight += tag.length + 3;
  for (const name in asset.attributes) {
    const value = asset.attributes[name];
    weight +=
      name.length +
      6 +
      (typeof value === 'string' ? value.length : Array.isArray(value) ? JSON.stringify(value).length : 8);
  }
  return weight;
}

export function weighDependency(dependency: FoundDependency): number {
  return 80 + dependency.from.length + dependency.to.length;
}
