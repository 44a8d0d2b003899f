import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { toInvitation } from './Invitation.js';
import { toMember } from './Member.js';
import { InviteMemberInput, RemoveMemberInput, RevokeInvitationInput, SetMemberRoleInput } from './peopleInputs.js';
import {
  InviteMemberPayload,
  RemoveMemberPayload,
  RevokeInvitationPayload,
  SetMemberRolePayload,
} from './peoplePayloads.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver()
export class PeopleMutations {
  constructor(private readonly services: WorkspaceServices) {}

  @Mutation(() => InviteMemberPayload, {
    nullable: true,
    description:
      'Makes a one-time link for a person, good for 7 days. It is sent to nobody: hand it to that person, and to nobody else.',
  })
  @Allow('member.invite')
  async inviteMember(
    @Arg('input', () => InviteMemberInput, { description: 'Whom to invite, and as what.' }) input: InviteMemberInput,
    @Ctx() context: GraphqlContext,
  ): Promise<InviteMemberPayload> {
    const { email, role, displayName = null, idempotencyKey = null } = input;
    const { invitation, token } = await this.services.invitations.invite(context, {
      email,
      role,
      displayName,
      idempotencyKey,
    });
    return { invitation: toInvitation(invitation), token };
  }

  @Mutation(() => RevokeInvitationPayload, {
    nullable: true,
    description: 'Takes an open invitation back. Again changes nothing.',
  })
  @Allow('member.invite')
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'Which invitation to take back.' })
    input: RevokeInvitationInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RevokeInvitationPayload> {
    const { id, idempotencyKey = null } = input;
    return { invitation: toInvitation(await this.services.invitations.revoke(context, { id, idempotencyKey })) };
  }

  @Mutation(() => RemoveMemberPayload, {
    nullable: true,
    description:
      'Takes a member out of the workspace. Their sessions end within seconds; what they did stays. The last OWNER cannot be removed.',
  })
  @Allow('member.remove')
  async removeMember(
    @Arg('input', () => RemoveMemberInput, { description: 'Whom to take out of the workspace.' })
    input: RemoveMemberInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RemoveMemberPayload> {
    const { userId, idempotencyKey = null } = input;
    return { member: toMember(await this.services.members.remove(context, { userId, idempotencyKey })) };
  }

  @Mutation(() => SetMemberRolePayload, {
    nullable: true,
    description:
      'Gives a member another role. It takes effect within seconds: access tokens with the old role are refused as expired.',
  })
  @Allow('member.setRole')
  async setMemberRole(
    @Arg('input', () => SetMemberRoleInput, { description: 'Whose role to change, and to which.' })
    input: SetMemberRoleInput,
    @Ctx() context: GraphqlContext,
  ): Promise<SetMemberRolePayload> {
    const { userId, role, idempotencyKey = null } = input;
    return { member: toMember(await this.services.members.setRole(context, { userId, role, idempotencyKey })) };
  }
}
