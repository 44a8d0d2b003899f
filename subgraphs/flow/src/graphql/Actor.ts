import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/kernel';

@ObjectType({ description: 'A person. Belongs to the workspace part; known here by its id only.' })
@Directive('@key(fields: "id", resolvable: false)')
export class User {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string;
}

@ObjectType({ description: 'A partner’s key. Belongs to the workspace part; known here by its id only.' })
@Directive('@key(fields: "id", resolvable: false)')
export class ApiKey {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string;
}

@ObjectType({ description: 'A part of this product that does something by itself.' })
@Directive('@shareable')
export class SystemActor {
  @Field(() => String, { description: 'Which part, such as "flow-engine".' })
  part!: string;
}

export const Actor = createUnionType({
  name: 'Actor',
  description: 'Who did it: a person, a partner’s key, or a part of this product.',
  types: () => [User, ApiKey, SystemActor] as const,
});

/** The union's member for an actor as the storage keeps it: kind and id, or kind and part. */
export function toActor(kind: 'user' | 'apiKey' | 'system', id: string): User | ApiKey | SystemActor {
  if (kind === 'user') return Object.assign(new User(), { id: encodeId('user', id) });
  if (kind === 'apiKey') return Object.assign(new ApiKey(), { id: encodeId('key', id) });
  return Object.assign(new SystemActor(), { part: id });
}
