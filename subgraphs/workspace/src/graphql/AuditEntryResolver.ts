import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { SystemActor } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { Actor } from './Actor.js';
import { toApiKey } from './ApiKey.js';
import { AuditEntry } from './AuditEntry.js';
import { loadApiKey, loadMember } from './loaders.js';
import { formerMember, toUser } from './User.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver(() => AuditEntry)
export class AuditEntryResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @FieldResolver(() => Actor, { description: 'Who did it.' })
  async actor(@Root() entry: AuditEntry, @Ctx() context: GraphqlContext): Promise<typeof Actor> {
    const { actorKind, actorId } = entry.row;
    if (actorKind === 'user') {
      const member = await loadMember(this.services, context, actorId);
      return member ? toUser(member) : formerMember(actorId);
    }
    const key = actorKind === 'apiKey' ? await loadApiKey(this.services, context, actorId) : null;
    return key ? toApiKey(key) : Object.assign(new SystemActor(), { part: actorId });
  }
}
