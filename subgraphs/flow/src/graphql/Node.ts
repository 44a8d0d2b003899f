import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({ description: 'Something that can be looked up by its id with `node`.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque: a type tag and a UUIDv7, such as "flow_0190…".' })
  id!: string;
}
