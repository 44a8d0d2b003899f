import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({ description: 'Anything with an id of its own, which `node` finds.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and unique in the whole graph.' })
  id!: string;
}
