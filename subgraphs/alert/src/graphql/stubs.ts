import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql';

/** The flow subgraph's entity; this subgraph adds its alerts. */
@ObjectType({ description: 'A run of work, followed phase by phase.' })
@Directive('@key(fields: "id")')
export class Flow {
  @Field(() => ID, { description: 'Opaque and unique in the whole graph.' })
  id!: string;
}

/** The asset subgraph's entity; this subgraph adds its alerts. */
@ObjectType({ description: 'Something of the IT estate that flows found.' })
@Directive('@key(fields: "id")')
export class Asset {
  @Field(() => ID, { description: 'Opaque and unique in the whole graph.' })
  id!: string;
}

@ObjectType({ description: 'A person.' })
@Directive('@key(fields: "id", resolvable: false)')
export class User {
  @Field(() => ID, { description: 'Opaque and unique in the whole graph.' })
  id!: string;
}

@ObjectType({ description: 'A partner’s key.' })
@Directive('@key(fields: "id", resolvable: false)')
export class ApiKey {
  @Field(() => ID, { description: 'Opaque and unique in the whole graph.' })
  id!: string;
}

@ObjectType({ description: 'A part of this product that acts by itself, such as a flow’s worker or a rule evaluator.' })
@Directive('@shareable')
export class SystemActor {
  @Field(() => String, { description: 'Which part.' })
  part!: string;
}

export const Actor = createUnionType({
  name: 'Actor',
  description: 'Who did it: a person, a partner’s key, or a part of this product.',
  types: () => [User, ApiKey, SystemActor] as const,
  resolveType: (value: object) => value.constructor.name,
});
