import { Directive, Field, ID, InterfaceType, ObjectType } from 'type-graphql';

@InterfaceType({
  description: 'Anything that has an id of its own and can be found again by node(id).',
  resolveType: (value: object) => value.constructor.name,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque: a type tag and a UUIDv7, such as "flow_0190…". Never used twice.' })
  id!: string;
}

/** Entities of other subgraphs, of which this one knows the id and no more. The names are those of the public types. */

@ObjectType({ implements: Node })
@Directive('@key(fields: "id", resolvable: false)')
export class Flow extends Node {}

@ObjectType({ implements: Node })
@Directive('@key(fields: "id", resolvable: false)')
export class Asset extends Node {}

@ObjectType({ implements: Node })
@Directive('@key(fields: "id", resolvable: false)')
export class Trace extends Node {}

@ObjectType({ implements: Node })
@Directive('@key(fields: "id", resolvable: false)')
export class Alert extends Node {}

@ObjectType({ implements: Node })
@Directive('@key(fields: "id", resolvable: false)')
export class AlertRule extends Node {}
