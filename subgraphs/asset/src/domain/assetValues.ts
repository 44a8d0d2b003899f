/** Values of the public enums, in the contract's order. */
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

export const assetOrders = ['NAME_ASC', 'NAME_DESC', 'LAST_SEEN_DESC', 'CREATED_DESC'] as const;
export type AssetOrder = (typeof assetOrders)[number];

export const dependencyDirections = ['OUTGOING', 'INCOMING', 'BOTH'] as const;
export type DependencyDirection = (typeof dependencyDirections)[number];
