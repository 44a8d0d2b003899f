import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { Member, toMember } from './Member.js';
import { RemoveMemberInput, SetMemberRoleInput } from './peopleInputs.js';
import { RemoveMemberPayload, SetMemberRolePayload } from './peoplePayloads.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver(() => Member)
export class MemberResolver {
  constructor(private readonly services: WorkspaceServices) {}

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
