import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import type { NeighbourhoodRecord } from '../domain/Neighbourhoods.js';

@ObjectType({ description: 'An asset of a neighbourhood.' })
export class AssetNeighbour {
  /** Bare uuid. Not in the graph. */
  neighbourId!: string;

  @Field(() => Int, { description: 'Number of dependencies on the shortest way to it. 0: the asset itself.' })
  distance!: number;
}

@ObjectType({ description: 'A dependency between two assets of a neighbourhood.' })
export class AssetNeighbourhoodEdge {
  @Field(() => ID, { description: 'Id of the asset that needs the other.' })
  from!: string;

  @Field(() => ID, { description: 'Id of the asset that is needed.' })
  to!: string;

  @Field(() => String, { description: 'How, as in AssetDependency.kind.' })
  kind!: string;

  @Field(() => Float, { description: 'How sure the source is, 0 to 1.' })
  confidence!: number;
}

@ObjectType({ description: 'An asset with what stands around it and all dependencies in between, to be drawn.' })
export class AssetNeighbourhood {
  @Field(() => [AssetNeighbour], { description: 'The asset itself first, then the nearest first.' })
  nodes!: AssetNeighbour[];

  @Field(() => [AssetNeighbourhoodEdge], {
    description: 'Every dependency between two of the nodes, in whichever direction the nodes were found.',
  })
  edges!: AssetNeighbourhoodEdge[];

  @Field(() => Boolean, {
    description: 'Whether there is more: assets beyond `first`, or more than ten times as many dependencies.',
  })
  truncated!: boolean;
}

export function toNeighbourhood({ nodes, edges, truncated }: NeighbourhoodRecord): AssetNeighbourhood {
  return Object.assign(new AssetNeighbourhood(), {
    nodes: nodes.map(({ id, distance }) => Object.assign(new AssetNeighbour(), { neighbourId: id, distance })),
    edges: edges.map(({ fromId, toId, kind, confidence }) =>
      Object.assign(new AssetNeighbourhoodEdge(), {
        from: encodeId('asset', fromId),
        to: encodeId('asset', toId),
        kind,
        confidence,
      }),
    ),
    truncated,
  });
}
