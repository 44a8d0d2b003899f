import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { ChangePasswordInput, RevokeSessionInput, UpdateProfileInput } from './accountInputs.js';
import { ChangePasswordPayload, RevokeSessionPayload, UpdateProfilePayload } from './accountPayloads.js';
import { toSignInSession } from './SignInSession.js';
import { toUser } from './User.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver()
export class AccountResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @Mutation(() => ChangePasswordPayload, {
    nullable: true,
    description:
      'Changes the password of the person who asks. Every other session of theirs ends within 2 seconds, in all their workspaces.',
  })
  @Allow('account.manage')
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The password as it is, and the new one.' })
    input: ChangePasswordInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ChangePasswordPayload> {
    const { current, next, idempotencyKey = null } = input;
    return this.services.ownAccount.changePassword(context, { current, next, idempotencyKey });
  }

  @Mutation(() => UpdateProfilePayload, {
    nullable: true,
    description:
      'Changes what the person who asks is called in this workspace. Other workspaces of theirs keep their name.',
  })
  @Allow('account.manage')
  async updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'What to be called.' }) input: UpdateProfileInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateProfilePayload> {
    const { displayName, idempotencyKey = null } = input;
    return { user: toUser(await this.services.members.updateProfile(context, { displayName, idempotencyKey })) };
  }

  @Mutation(() => RevokeSessionPayload, {
    nullable: true,
    description:
      'Ends one of one’s own sessions in this workspace; its access tokens are refused within 2 seconds. Again changes nothing.',
  })
  @Allow('account.manage')
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'Which session to end.' }) input: RevokeSessionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RevokeSessionPayload> {
    const { id, idempotencyKey = null } = input;
    return { session: toSignInSession(await this.services.ownAccount.revokeSession(context, { id, idempotencyKey })) };
  }
}
