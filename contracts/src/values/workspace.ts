export const workspaceStatuses = ['ACTIVE', 'SUSPENDED'] as const;
export type WorkspaceStatus = (typeof workspaceStatuses)[number];
