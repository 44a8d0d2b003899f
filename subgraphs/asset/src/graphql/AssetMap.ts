import { Field, Int, ObjectType } from 'type-graphql';
import type { AssetDimension } from './enums.js';
import type { AssetFilter } from './AssetFilter.js';
import type { GroupRecord, LinkRecord } from '../domain/model.js';

@ObjectType({ description: 'Assets that have the same values.' })
export class AssetGroup {
  @Field(() => [String], {
    nullable: 'items',
    description: 'The value of each dimension of groupBy, in its order. Null: nobody said.',
  })
  key!: (string | null)[];

  @Field(() => Int, { description: 'How many assets.' })
  count!: number;
}

@ObjectType({ description: 'That assets of one group need assets of another, or of their own.' })
export class AssetGroupLink {
  @Field(() => [String], { nullable: 'items', description: 'Key of the group whose assets need the others.' })
  from!: (string | null)[];

  @Field(() => [String], { nullable: 'items', description: 'Key of the group whose assets are needed.' })
  to!: (string | null)[];

  @Field(() => Int, { description: 'How many dependencies.' })
  count!: number;
}

@ObjectType('AssetMap', { description: 'The estate from above: groups of assets, and what leads from one to another.' })
export class AssetMapView {
  /** Not in the graph: what both parts are counted by. */
  dimensions!: readonly AssetDimension[];
  filter!: AssetFilter | null;
}

export function toGroup({ key, count }: GroupRecord): AssetGroup {
  return Object.assign(new AssetGroup(), { key: [...key], count });
}

export function toLink({ from, to, count }: LinkRecord): AssetGroupLink {
  return Object.assign(new AssetGroupLink(), { from: [...from], to: [...to], count });
}
