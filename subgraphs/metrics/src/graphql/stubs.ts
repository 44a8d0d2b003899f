import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The flow subgraph's entity; this subgraph adds its figures. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Flow {
  @Field(() => ID)
  id!: string;
}

/** The alert subgraph's entity, as this subgraph knows it: by its id. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class Alert {
  @Field(() => ID)
  id!: string;
}
