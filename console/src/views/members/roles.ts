import type { Role } from '../../graph/generated/types';

/** From the least to the most. */
export const roles: readonly Role[] = ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'];
