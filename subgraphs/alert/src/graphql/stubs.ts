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

/** The delivery subgraph's entity, by which people are told. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class NotificationChannel {
  @Field(() => ID)
  id!: string;
}
