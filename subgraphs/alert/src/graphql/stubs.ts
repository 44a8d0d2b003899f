import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The flow subgraph's entity; this subgraph adds its alerts. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Flow {
  @Field(() => ID)
  id!: string;
}

/** The asset subgraph's entity; this subgraph adds its alerts. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Asset {
  @Field(() => ID)
  id!: string;
}
