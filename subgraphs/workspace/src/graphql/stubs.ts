import { Directive, ObjectType } from 'type-graphql';
import { entities } from '@tributary/contracts/entities';
import type { EntityName } from '@tributary/contracts/entities';
import { Node } from '@tributary/server';

/** Entities of other subgraphs, of which this one knows the id and no more, by the tag of their ids. */
export const foreignStubs: ReadonlyMap<string, new () => Node> = new Map(
  (Object.keys(entities) as EntityName[])
    .filter((name) => entities[name].subgraph !== 'workspace')
    .map((name) => [entities[name].tag, stubOf(name)]),
);

function stubOf(typeName: string): new () => Node {
  @ObjectType(typeName, { implements: Node })
  @Directive('@key(fields: "id", resolvable: false)')
  class Stub extends Node {}
  // Node finds the type of a value by the name of its class.
  Object.defineProperty(Stub, 'name', { value: typeName });
  return Stub;
}
