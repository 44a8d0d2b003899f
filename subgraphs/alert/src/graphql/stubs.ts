import { Directive, Field, ID, ObjectType } from 'type-graphql';

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
