import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { Invitation, toInvitation } from './Invitation.js';
import { InviteMemberInput, RevokeInvitationInput } from './peopleInputs.js';
import { InviteMemberPayload, RevokeInvitationPayload } from './peoplePayloads.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver(() => Invitation)
export class InvitationResolver {
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
}
