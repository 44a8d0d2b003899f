import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, CursorScalar, DateTimeScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import type { DependencyGraph } from '../domain/DependencyGraph.js';
import type { AssetEditing } from '../domain/editing/AssetEditing.js';
import { allColumns } from '../domain/model.js';
import type { Neighbourhoods } from '../domain/Neighbourhoods.js';
import { AssetDependencyConnection, toDependency } from './AssetDependency.js';
import type { AssetDependency } from './AssetDependency.js';
import { AssetFacets, toFacets } from './AssetFacets.js';
import { AssetFilter } from './AssetFilter.js';
import { AssetImpactConnection, toImpact } from './AssetImpact.js';
import type { AssetImpact } from './AssetImpact.js';
import { AssetNeighbourhood, toNeighbourhood } from './AssetNeighbourhood.js';
import { AssetSource, toAssetSource } from './AssetSource.js';
import { AssetConnection, Asset, toAsset } from './Asset.js';
import { columnsOfAsset, columnsOfConnection } from './askedColumns.js';
import { AssetOrder, DependencyDirection } from './enums.js';
import { RetireAssetInput, UpdateAssetInput } from './inputs.js';
import { RetireAssetPayload, UpdateAssetPayload } from './payloads.js';

type Absent = null | undefined;
const after = { nullable: true, description: 'Go on behind this cursor of the same list. Absent: from the start.' };

@Resolver(() => Asset)
export class AssetResolver {
  constructor(
    private readonly catalogue: AssetCatalogue,
    private readonly graph: DependencyGraph,
    private readonly editing: AssetEditing,
    private readonly neighbourhoods: Neighbourhoods,
  ) {}

  @Query(() => Asset, { nullable: true, description: 'An asset by its id. Null when it is not in this workspace.' })
  @Allow('asset.read')
  async asset(
    @Arg('id', () => ID, { description: 'Id of the asset.' }) id: string,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Asset | null> {
    const columns = columnsOfAsset(info);
    const record = await this.catalogue.byId(context, columns, id);
    return record && toAsset(record, columns, context);
  }

  @Query(() => AssetConnection, { nullable: true, description: 'The assets of the workspace.' })
  @Allow('asset.read')
  async assets(
    @Arg('filter', () => AssetFilter, { nullable: true, description: 'Which assets. Absent: all.' })
    filter: AssetFilter | Absent,
    @Arg('orderBy', () => AssetOrder, { defaultValue: 'NAME_ASC', description: 'In which order.' })
    order: AssetOrder,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, after) cursor: string | Absent,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionValue<Asset>> {
    const columns = columnsOfConnection(info);
    const page = await this.catalogue.list(context, columns, filter, order, { first, after: cursor ?? null });
    return toConnection(
      page,
      (record) => toAsset(record, columns, context),
      () => this.catalogue.count(context, filter),
    );
  }

  @Query(() => AssetFacets, {
    nullable: true,
    description: 'What the assets of the workspace can be narrowed down by.',
  })
  @Allow('asset.read')
  async assetFacets(
    @Arg('filter', () => AssetFilter, { nullable: true, description: 'Of which assets. Absent: all.' })
    filter: AssetFilter | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<AssetFacets> {
    return toFacets(await this.catalogue.facets(context, filter), filter ?? null);
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description:
      'Since when the sources that showed it do not show it any more, by imports that were declared complete. Null: one still does. After settings.retireAfterMissing such imports it is RETIRED, until one shows it again.',
  })
  missingSince(@Root() asset: Asset, @Ctx() context: GraphqlContext): Promise<Date | null> {
    return this.catalogue.missingSince(context, asset.uuid);
  }

  @FieldResolver(() => [AssetSource], { description: 'The sources that saw it, the last one first; at most 100.' })
  async sources(@Root() asset: Asset, @Ctx() context: GraphqlContext): Promise<AssetSource[]> {
    return (await this.catalogue.sourcesOf(context, asset.uuid)).map(toAssetSource);
  }

  @FieldResolver(() => AssetDependencyConnection, {
    description: 'What it depends on, then what depends on it; within each the asset that was found first comes first.',
  })
  async dependencies(
    @Root() asset: Asset,
    @Arg('direction', () => DependencyDirection, { defaultValue: 'BOTH', description: 'Which of them.' })
    direction: DependencyDirection,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, after) cursor: string | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AssetDependency>> {
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
    @Root() asset: Asset,
    @Arg('depth', () => Int, { defaultValue: 3, description: 'Over how many dependencies, 1 to 5.' }) depth: number,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, after) cursor: string | Absent,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AssetImpact>> {
    const page = await this.graph.impact(context, asset.uuid, depth, { first, after: cursor ?? null });
    return toConnection(page, toImpact, () => this.graph.countImpact(context, asset.uuid, depth));
  }

  @FieldResolver(() => AssetNeighbourhood, {
    description:
      'What stands around it over several dependencies, with all dependencies in between, to be drawn. The walk ends after 20,000 steps.',
  })
  async neighbourhood(
    @Root() asset: Asset,
    @Arg('depth', () => Int, { defaultValue: 1, description: 'Over how many dependencies, 1 to 5.' }) depth: number,
    @Arg('direction', () => DependencyDirection, { defaultValue: 'BOTH', description: 'Along which of them.' })
    direction: DependencyDirection,
    @Arg('first', () => Int, { defaultValue: 100, description: 'How many assets, itself included: 1 to 500.' })
    first: number,
    @Ctx() context: GraphqlContext,
  ): Promise<AssetNeighbourhood> {
    return toNeighbourhood(await this.neighbourhoods.around(context, asset.uuid, direction, depth, first));
  }

  @Mutation(() => UpdateAssetPayload, {
    nullable: true,
    description: 'Changes an asset. What a person sets outlasts later discoveries. Another version: RESOURCE_CONFLICT.',
  })
  @Allow('asset.update')
  async updateAsset(
    @Arg('input', () => UpdateAssetInput, { description: 'What to change.' }) input: UpdateAssetInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateAssetPayload> {
    return { asset: toAsset(await this.editing.update(context, input), allColumns, context) };
  }

  @Mutation(() => RetireAssetPayload, {
    nullable: true,
    description: 'Takes an asset out of use for good; it stays in the inventory. Another version: RESOURCE_CONFLICT.',
  })
  @Allow('asset.retire')
  async retireAsset(
    @Arg('input', () => RetireAssetInput, { description: 'Which asset.' }) input: RetireAssetInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RetireAssetPayload> {
    return { asset: toAsset(await this.editing.retire(context, input), allColumns, context) };
  }
}
