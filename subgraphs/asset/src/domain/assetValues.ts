export const assetOrders = ['NAME_ASC', 'NAME_DESC', 'LAST_SEEN_DESC', 'CREATED_DESC'] as const;
export type AssetOrder = (typeof assetOrders)[number];

export const dependencyDirections = ['OUTGOING', 'INCOMING', 'BOTH'] as const;
export type DependencyDirection = (typeof dependencyDirections)[number];
