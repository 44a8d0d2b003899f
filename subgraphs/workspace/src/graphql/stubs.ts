import { Directive, ObjectType } from 'type-graphql';
import { Node } from '@tributary/server';

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
