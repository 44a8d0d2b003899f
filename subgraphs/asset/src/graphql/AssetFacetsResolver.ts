import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import { AssetFacets, FacetCount } from './AssetFacets.js';

@Resolver(() => AssetFacets)
export class AssetFacetsResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => [FacetCount], {
    description:
      'By tag, letter case aside, under all parts of the filter, its tags too: how many would be left with one more.',
  })
  async tags(@Root() { filter }: AssetFacets, @Ctx() context: GraphqlContext): Promise<FacetCount[]> {
    const tags = await this.catalogue.tags(context, filter);
    return tags.map(({ value, count }) => Object.assign(new FacetCount(), { value, count }));
  }
}
