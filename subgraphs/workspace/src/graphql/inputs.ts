import { Field, ID, InputType } from 'type-graphql';
import type { Role } from '@tributary/kernel';
import { DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { RoleEnum } from './Role.js';

const keyDescription =
  'At most 200 characters. The same key with the same input within 24 hours does nothing and answers the same again. Null: the call may run each time.';

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'Says who uses the key; 1 to 100 characters.' })
  name!: string;

  @Field(() => [String], {
    description: 'Actions that the key is limited to, of those that the caller may do: see viewer.permissions.',
  })
  scopes!: string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on the key is refused. Null: until it is revoked.',
  })
  expiresAt?: Date | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The key’s id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Another role for a member.' })
export class SetMemberRoleInput {
  @Field(() => ID, { description: 'The member’s user id.' })
  userId!: string;

  @Field(() => RoleEnum, { description: 'The new role. Only an OWNER gives or takes OWNER.' })
  role!: Role;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A patch of the workspace’s settings.' })
export class UpdateWorkspaceSettingsInput {
  @Field(() => JsonObjectScalar, { description: 'Settings by name: an absent one is left as it is, null clears.' })
  settings!: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}
