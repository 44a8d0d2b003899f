import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import type { DependencyGraph } from '../domain/DependencyGraph.js';
import type { AssetOrder, DependencyDirection } from '../domain/model.js';
import { AssetDependencyConnection, toDependency } from './AssetDependencyType.js';
import type { AssetDependencyType } from './AssetDependencyType.js';
import { AssetFacetsType, toFacets } from './AssetFacetsType.js';
import { AssetFilterInput } from './AssetFilterInput.js';
import { AssetImpactConnection, toImpact } from './AssetImpactType.js';
import type { AssetImpactType } from './AssetImpactType.js';
import { AssetConnection, AssetType, toAsset } from './AssetType.js';
import { AssetOrderEnum, DependencyDirectionEnum } from './enums.js';

type Absent = null | undefined;
const after = { nullable: true, description: 'Go on behind this cursor of the same list. Absent: from the start.' };

@Resolver(() => AssetType)
export class AssetResolver {
  constructor(
    private readonly catalogue: AssetCatalogue,
    private readonly graph: DependencyGraph,
  ) {}

  @Query(() => AssetType, { nullable: true, description: 'An asset by its id. Null when it is not in this workspace.' })
  @Allow('asset.read')
  async asset(
    @Arg('id', () => ID, { description: 'Id of the asset.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<AssetType | null> {
    const record = await this.catalogue.byId(context, id);
    return record && toAsset(record, context);
  }

  @Query(() => AssetConnection, { nullable: true, description: 'The assets of the workspace.' })
  @Allow('asset.read')
  async assets(
    @Arg('filter', () => AssetFilterInput, { nullable: true, description: 'Which assets. Absent: all.' })
    filter: AssetFilterInput | Absent,
    @Arg('orderBy', () => AssetOrderEnum, { defaultValue: 'NAME_ASC', description: 'In which order.' })
    order: AssetOrder,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, after) cursor: string | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AssetType>> {
    const page = await this.catalogue.list(context, filter, order, { first, after: cursor ?? null });
    return toConnection(
      page,
      (record) => toAsset(record, context),
      () => this.catalogue.count(context, filter),
    );
  }

  @Query(() => AssetFacetsType, {
    nullable: true,
    description: 'What the assets of the workspace can be narrowed down by.',
  })
  @Allow('asset.read')
  async assetFacets(
    @Arg('filter', () => AssetFilterInput, { nullable: true, description: 'Of which assets. Absent: all.' })
    filter: AssetFilterInput | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<AssetFacetsType> {
    return toFacets(await this.catalogue.facets(context, filter));
  }

  @FieldResolver(() => AssetDependencyConnection, {
    description: 'What it depends on, then what depends on it; within each the asset that was found first comes first.',
  })
  async dependencies(
    @Root() asset: AssetType,
    @Arg('direction', () => DependencyDirectionEnum, { defaultValue: 'BOTH', description: 'Which of them.' })
    direction: DependencyDirection,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, after) cursor: string | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AssetDependencyType>> {
    const page = await this.graph.dependencies(context, asset.uuid, direction, { first, after: cursor ?? null });
    return toConnection(
      page,
      (record) => toDependency(record, asset),
      () => this.graph.countDependencies(context, asset.uuid, direction),
    );
  }

  @FieldResolver(() => AssetImpactConnection, {
    description:
      'What depends on it, directly or not, nearest first. The walk ends after 20,000 steps; totalCount is null then.',
  })
  async impact(
    @Root() asset: AssetType,
    @Arg('depth', () => Int, { defaultValue: 3, description: 'Over how many dependencies, 1 to 5.' }) depth: number,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, after) cursor: string | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AssetImpactType>> {
    const page = await this.graph.impact(context, asset.uuid, depth, { first, after: cursor ?? null });
    return toConnection(page, toImpact, () => this.graph.countImpact(context, asset.uuid, depth));
  }
}
