/** What a person may do in a workspace, from most to least. */
export const roles = ['OWNER', 'ADMIN', 'OPERATOR', 'VIEWER'] as const;
export type Role = (typeof roles)[number];
