import { Field, ID, InputType } from 'type-graphql';
import { keyDescription } from './keyDescription.js';
import { Role } from './Role.js';

@InputType({ description: 'Whom to invite, and as what.' })
export class InviteMemberInput {
  @Field(() => String, { description: 'The person’s e-mail. Upper and lower case are the same.' })
  email!: string;

  @Field(() => Role, { description: 'The role that the person gets. Only an OWNER invites an OWNER.' })
  role!: Role;

  @Field(() => String, {
    nullable: true,
    description: 'The name that the person gets, 1 to 100 characters. Null: the e-mail up to its @.',
  })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which invitation to take back.' })
export class RevokeInvitationInput {
  @Field(() => ID, { description: 'The invitation’s id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Whom to take out of the workspace.' })
export class RemoveMemberInput {
  @Field(() => ID, { description: 'The member’s user id.' })
  userId!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Another role for a member.' })
export class SetMemberRoleInput {
  @Field(() => ID, { description: 'The member’s user id.' })
  userId!: string;

  @Field(() => Role, { description: 'The new role. Only an OWNER gives or takes OWNER.' })
  role!: Role;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}
