import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { AssetMap } from '../domain/AssetMap.js';
import { AssetFilter } from './AssetFilter.js';
import { AssetGroup, AssetGroupLink, AssetMapView, toGroup, toLink } from './AssetMap.js';
import { AssetDimension } from './enums.js';

@Resolver(() => AssetMapView)
export class AssetMapResolver {
  constructor(private readonly map: AssetMap) {}

  @Query(() => AssetMapView, { nullable: true, description: 'The estate from above, for drawings and overviews.' })
  @Allow('asset.read')
  assetMap(
    @Arg('groupBy', () => [AssetDimension], { description: 'What a group has in common: 1 to 3 different ones.' })
    dimensions: AssetDimension[],
    @Arg('filter', () => AssetFilter, { nullable: true, description: 'Of which assets. Absent: all.' })
    filter: AssetFilter | null,
  ): AssetMapView {
    return Object.assign(new AssetMapView(), { dimensions, filter: filter ?? null });
  }

  @FieldResolver(() => [AssetGroup], { description: 'Those of most assets first, at most 500.' })
  async groups(@Root() { dimensions, filter }: AssetMapView, @Ctx() context: GraphqlContext): Promise<AssetGroup[]> {
    return (await this.map.groups(context, dimensions, filter)).map(toGroup);
  }

  @FieldResolver(() => [AssetGroupLink], {
    nullable: true,
    description:
      'Dependencies between assets that the filter lets through, by their groups; most first, at most 2,000. Null when the workspace has more than a million dependencies, which is too many to count.',
  })
  async links(
    @Root() { dimensions, filter }: AssetMapView,
    @Ctx() context: GraphqlContext,
  ): Promise<AssetGroupLink[] | null> {
    return (await this.map.links(context, dimensions, filter))?.map(toLink) ?? null;
  }
}
