import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The flow subgraph's entity; this subgraph adds its figures. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Flow {
  @Field(() => ID)
  id!: string;
}
