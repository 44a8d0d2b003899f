import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { permissionsOf } from '@tributary/contracts/actions';
import { CodedError } from '@tributary/contracts/errors';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { Action, listActions } from './Action.js';
import { ApiKey, toApiKey } from './ApiKey.js';
import { loadApiKey, loadMember, loadWorkspace } from './loaders.js';
import { SignInSession, toSignInSession } from './SignInSession.js';
import { toUser, User } from './User.js';
import { Viewer } from './Viewer.js';
import { toWorkspace, Workspace } from './Workspace.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver(() => Viewer)
export class ViewerResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @Query(() => Viewer, { nullable: true, description: 'Who asks. Null only when it could not be told.' })
  @Allow('viewer.read')
  viewer(@Ctx() context: GraphqlContext): Viewer {
    const { role } = context.principal;
    if (role === 'SYSTEM') throw new CodedError('INSUFFICIENT_PERMISSIONS', 'Parts of the product are no viewers.');
    return Object.assign(new Viewer(), { role, permissions: permissionsOf(context.principal) });
  }

  @FieldResolver(() => Workspace, { description: 'The workspace that the token or key is for.' })
  async workspace(@Root() _viewer: Viewer, @Ctx() context: GraphqlContext): Promise<Workspace> {
    const record = await loadWorkspace(this.services, context, context.principal.workspaceId);
    if (!record)
      throw new CodedError(
        'INVALID_CREDENTIALS',
        'The workspace of these credentials does not exist any more. Sign in again.',
      );
    return toWorkspace(record);
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person who asks. Null for an API key.' })
  async user(@Root() _viewer: Viewer, @Ctx() context: GraphqlContext): Promise<User | null> {
    const { actor } = context.principal;
    const member = actor.kind === 'user' ? await loadMember(this.services, context, actor.id) : null;
    return member && toUser(member);
  }

  @FieldResolver(() => ApiKey, { nullable: true, description: 'The key that asks. Null for a person.' })
  async apiKey(@Root() _viewer: Viewer, @Ctx() context: GraphqlContext): Promise<ApiKey | null> {
    const { actor } = context.principal;
    const record = actor.kind === 'apiKey' ? await loadApiKey(this.services, context, actor.id) : null;
    return record && toApiKey(record);
  }

  @FieldResolver(() => [SignInSession], {
    nullable: true,
    description:
      'Where the person is signed in to this workspace, the last used first, 100 at most. Null for an API key.',
  })
  async sessions(@Root() _viewer: Viewer, @Ctx() context: GraphqlContext): Promise<SignInSession[] | null> {
    return (await this.services.ownAccount.sessions(context))?.map(toSignInSession) ?? null;
  }

  @FieldResolver(() => [Action], {
    description:
      'Everything that can be allowed in a workspace, whether or not the caller may do it: viewer.permissions and the scopes of keys are names of this list.',
  })
  actions(): Action[] {
    return listActions();
  }

  @FieldResolver(() => [Workspace], {
    description: 'Those that this person may switch to, by slug, the current one among them. For a key: its own.',
  })
  async workspaces(@Root() _viewer: Viewer, @Ctx() context: GraphqlContext): Promise<Workspace[]> {
    return (await this.services.workspaces.reachable(context)).map(toWorkspace);
  }
}
