/** Values of the public graph's enums of an asset, in the contract's order: what flow finds and asset stores. */
export const assetKinds = [
  'SERVER',
  'VIRTUAL_MACHINE',
  'APPLICATION',
  'DATABASE',
  'NETWORK_DEVICE',
  'STORAGE',
  'CONTAINER',
  'CLOUD_RESOURCE',
  'SERVICE',
  'OTHER',
] as const;
export type AssetKind = (typeof assetKinds)[number];

export const assetStatuses = ['ACTIVE', 'INACTIVE', 'RETIRED', 'UNKNOWN'] as const;
export type AssetStatus = (typeof assetStatuses)[number];

export const criticalities = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'UNKNOWN'] as const;
export type Criticality = (typeof criticalities)[number];

/** How one asset needs another: a closed register. Another word of a source becomes related_to, and is kept beside it. */
export const dependencyKinds = [
  'runs_on',
  'hosted_by',
  'member_of',
  'part_of',
  'depends_on',
  'connected_to',
  'uses',
  'backed_up_by',
  'related_to',
] as const;
export type DependencyKind = (typeof dependencyKinds)[number];
