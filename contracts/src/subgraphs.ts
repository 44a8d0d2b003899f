export const subgraphNames = ['workspace', 'flow', 'asset', 'metrics', 'alert'] as const;
export type SubgraphName = (typeof subgraphNames)[number];
