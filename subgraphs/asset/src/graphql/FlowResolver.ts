import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import { uuidOf } from '@tributary/contracts/ids';
import { Allow, CursorScalar, isSelected, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import { AssetFilter } from './AssetFilter.js';
import { AssetConnection, toAsset } from './Asset.js';
import type { Asset } from './Asset.js';
import { columnsOfConnection } from './askedColumns.js';
import { Flow } from './stubs.js';

type Absent = null | undefined;

@Resolver(() => Flow)
export class FlowResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => AssetConnection, {
    nullable: true,
    description: 'The assets that it was the last to see, in the order in which they were found for the first time.',
  })
  @Allow('asset.read')
  async assets(
    @Root() flow: Flow,
    @Arg('filter', () => AssetFilter, { nullable: true, description: 'Which of them. Absent: all.' })
    filter: AssetFilter | Absent,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, {
      nullable: true,
      description: 'Go on behind this cursor of the same list. Absent: from the start.',
    })
    cursor: string | Absent,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionValue<Asset> | null> {
    const uuid = uuidOf('flow', flow.id);
    if (uuid === null) return null;
    const columns = columnsOfConnection(info);
    // In the same turn as the page, so that both are one trip.
    if (isSelected(info, 'totalCount')) this.catalogue.countOfFlow(context, uuid, filter).catch(() => undefined);
    const page = await this.catalogue.ofFlow(context, columns, uuid, filter, { first, after: cursor ?? null });
    return toConnection(
      page,
      (record) => toAsset(record, columns, context),
      () => this.catalogue.countOfFlow(context, uuid, filter),
    );
  }
}
