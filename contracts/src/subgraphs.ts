export const subgraphNames = ['workspace', 'flow', 'asset', 'metrics', 'alert', 'delivery'] as const;
export type SubgraphName = (typeof subgraphNames)[number];
