import { Field, ObjectType } from 'type-graphql';
import { Invitation } from './Invitation.js';
import { Member } from './Member.js';

@ObjectType({ description: 'What inviteMember made.' })
export class InviteMemberPayload {
  @Field(() => Invitation, { description: 'The new invitation.' })
  invitation!: Invitation;

  @Field(() => String, {
    nullable: true,
    description:
      'The secret of the one-time link `/auth/accept#token=<token>`, shown this once: it is not stored. Null when the call is replayed.',
  })
  token!: string | null;
}

@ObjectType({ description: 'What revokeInvitation did.' })
export class RevokeInvitationPayload {
  @Field(() => Invitation, { description: 'The invitation that was taken back.' })
  invitation!: Invitation;
}

@ObjectType({ description: 'What removeMember did.' })
export class RemoveMemberPayload {
  @Field(() => Member, { description: 'The member as they were.' })
  member!: Member;
}

@ObjectType({ description: 'What setMemberRole did.' })
export class SetMemberRolePayload {
  @Field(() => Member, { description: 'The member with the new role.' })
  member!: Member;
}
