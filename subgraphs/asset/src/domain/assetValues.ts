export const assetOrders = [
  'NAME_ASC',
  'NAME_DESC',
  'LAST_SEEN_DESC',
  'CREATED_DESC',
  'KIND_ASC',
  'CRITICALITY_DESC',
] as const;
export type AssetOrder = (typeof assetOrders)[number];

export const dependencyDirections = ['OUTGOING', 'INCOMING', 'BOTH'] as const;
export type DependencyDirection = (typeof dependencyDirections)[number];

/** What a map of the estate can put assets together by. */
export const assetDimensions = ['KIND', 'STATUS', 'ENVIRONMENT', 'DEPARTMENT', 'CRITICALITY'] as const;
export type AssetDimension = (typeof assetDimensions)[number];
