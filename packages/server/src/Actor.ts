import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import type { Actor as ActorFacts } from '@tributary/contracts/principal';

/** The workspace subgraph's entity, as the others know it: by its id. */
@ObjectType('User')
@Directive('@key(fields: "id", resolvable: false)')
export class UserReference {
  @Field(() => ID)
  id!: string;
}

/** The workspace subgraph's entity, as the others know it: by its id. */
@ObjectType('ApiKey')
@Directive('@key(fields: "id", resolvable: false)')
export class ApiKeyReference {
  @Field(() => ID)
  id!: string;
}

@ObjectType({
  description: 'A part of this product that acts by itself, such as the worker or the evaluator of rules.',
})
@Directive('@shareable')
export class SystemActor {
  @Field(() => String, { description: 'Which part.' })
  part!: string;
}

/** Who did it, for subgraphs that know people and keys by their ids only. */
export const ActorReference = createUnionType({
  name: 'Actor',
  description: 'Who did it: a person, a partner’s key, or a part of this product.',
  types: () => [UserReference, ApiKeyReference, SystemActor] as const,
});
export type ActorReference = UserReference | ApiKeyReference | SystemActor;

/** The union's member for an actor as it is stored: kind and bare uuid, or kind and part. */
export function toActorReference(kind: ActorFacts['kind'], id: string): ActorReference {
  if (kind === 'user') return Object.assign(new UserReference(), { id: encodeId('user', id) });
  if (kind === 'apiKey') return Object.assign(new ApiKeyReference(), { id: encodeId('key', id) });
  return Object.assign(new SystemActor(), { part: id });
}
