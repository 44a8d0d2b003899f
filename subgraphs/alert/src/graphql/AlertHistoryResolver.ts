import { FieldResolver, Resolver, Root } from 'type-graphql';
import { ActorReference, Allow, toActorReference } from '@tributary/server';
import { AlertHistoryEntry } from './AlertHistory.js';

@Resolver(() => AlertHistoryEntry)
export class AlertHistoryResolver {
  @FieldResolver(() => ActorReference, {
    nullable: true,
    description: 'Who did it. Null for those who may not see who did what.',
  })
  @Allow('member.read')
  actor(@Root() { row }: AlertHistoryEntry): ActorReference {
    return toActorReference(row.actorKind, row.actorId);
  }
}
