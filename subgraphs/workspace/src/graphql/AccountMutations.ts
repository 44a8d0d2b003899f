import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Allow, DateTimeScalar } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { keyDescription } from './keyDescription.js';
import { SignInSession, toSignInSession } from './SignInSession.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@InputType({ description: 'A new password for the person who asks.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password as it is.' })
  current!: string;

  @Field(() => String, { description: 'The new one, 10 to 256 characters.' })
  next!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What changePassword did.' })
export class ChangePasswordPayload {
  @Field(() => DateTimeScalar, { description: 'When it was changed.' })
  changedAt!: Date;
}

@InputType({ description: 'Which session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session’s id, from viewer.sessions.' })
  id!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What revokeSession did.' })
export class RevokeSessionPayload {
  @Field(() => SignInSession, { description: 'The session that was ended, as it was.' })
  session!: SignInSession;
}

@Resolver()
export class AccountMutations {
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
