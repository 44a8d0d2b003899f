import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { MaskedWithout } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { User } from './User.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver(() => User)
export class UserResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @FieldResolver(() => String, {
    description: 'E-mail address; for whoever is neither ADMIN, OWNER nor that person, masked as "o***@acme.example".',
  })
  @MaskedWithout('member.readPersonal')
  email(@Root() user: User, @Ctx() context: GraphqlContext): string {
    return this.services.members.emailFor(context, { userId: user.userId, email: user.storedEmail });
  }
}
