import { roles } from '@tributary/contracts/roles';
import { enumOf } from '@tributary/contracts/values';
import { registerEnumType } from 'type-graphql';

/** As an object, because type-graphql registers nothing else. */
export const Role = enumOf(roles);
export type Role = keyof typeof Role;

registerEnumType(Role, {
  name: 'Role',
  description: 'What a person may do in a workspace; each role may do all that the next one may.',
  valuesConfig: {
    OWNER: { description: 'Everything, including who else is OWNER.' },
    ADMIN: { description: 'People, keys, settings, the audit trail and personal data.' },
    OPERATOR: { description: 'Start and control flows, change assets, handle alerts.' },
    VIEWER: { description: 'See everything that is not personal.' },
  },
});
