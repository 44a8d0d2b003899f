import { Field, ID, InterfaceType } from 'type-graphql';

/** The Node interface of every subgraph. */
@InterfaceType({
  description: 'Anything that has an id of its own and can be found again by node(id).',
  resolveType: (value: object) => value.constructor.name,
  // Several subgraphs may share a process: each names its own implementations.
  autoRegisterImplementations: false,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque: a type tag and a UUIDv7, such as "flow_0190…". Never used twice.' })
  id!: string;
}
