import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { decodeId } from '@tributary/contracts/ids';
import type { EntityTag } from '@tributary/contracts/ids';
import { Allow, loadReference, Node, requireAction } from '@tributary/server';
import type { GraphqlContext, OwnReference } from '@tributary/server';
import { foreignEntity } from '../domain/existingIds.js';
import { loadExists } from './loaders.js';
import { foreignStubs } from './stubs.js';
import { workspaceReferences } from './references.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

const ownNodes: Partial<Record<EntityTag, OwnReference<WorkspaceServices>>> = {
  ws: workspaceReferences.Workspace,
  user: workspaceReferences.User,
  key: workspaceReferences.ApiKey,
};

@Resolver()
export class NodeResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @Query(() => Node, {
    nullable: true,
    description:
      'Anything by its id. Null when it is not in this workspace, or is nothing that can be looked up by itself.',
  })
  @Allow('node.read')
  async node(
    @Ctx() context: GraphqlContext,
    @Arg('id', () => ID, { description: 'As another field gave it.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | null> {
    const { tag } = decodeId(id);
    const foreign = foreignEntity(tag);
    const Stub = foreignStubs.get(tag);
    if (foreign && Stub) {
      requireAction(context, foreign.action);
      return (await loadExists(this.services, context, tag, id)) ? Object.assign(new Stub(), { id }) : null;
    }
    const own = ownNodes[tag];
    return own ? ((await loadReference(own, this.services, context, id, info)) as Node | null) : null;
  }
}
