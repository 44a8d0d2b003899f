import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The flow subgraph's entity; this subgraph adds its figures. */
@ObjectType({ description: 'A run of work, followed phase by phase.' })
@Directive('@key(fields: "id")')
export class Flow {
  @Field(() => ID, { description: 'Opaque and unique in the whole graph.' })
  id!: string;
}
