import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { uuidOf } from '@tributary/contracts/ids';
import { Allow, CursorScalar, pageInfoOf } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { mappingTargets } from '../domain/discovery/mapping/mappingTargets.js';
import type { FlowQueries } from '../domain/flow/FlowQueries.js';
import { MappingTarget } from './DiscoveryFlowNode.js';
import { FlowConnection } from './FlowConnection.js';
import { FlowNode, toFlowNode } from './FlowNode.js';
import { FlowFilter } from './inputs.js';

@Resolver()
export class QueryResolver {
  constructor(private readonly queries: FlowQueries) {}

  @Query(() => FlowNode, { nullable: true, description: 'A flow. Null when it is not in this workspace.' })
  @Allow('flow.read')
  async flow(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowNode | null> {
    const uuid = uuidOf('flow', id);
    const record = uuid === null ? null : await this.queries.byId(context, uuid);
    return record && toFlowNode(record, context);
  }

  @Query(() => FlowConnection, { nullable: true, description: 'Flows of the workspace, newest first.' })
  @Allow('flow.read')
  async flows(
    @Arg('filter', () => FlowFilter, { nullable: true, description: 'Which ones. Default all.' })
    filter: FlowFilter | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowConnection> {
    const wanted = {
      statuses: filter?.status ?? null,
      kinds: filter?.kind ?? null,
      createdAfter: filter?.createdAfter ?? null,
      createdBefore: filter?.createdBefore ?? null,
    };
    const { page, streamCursor } = await this.queries.page(context, wanted, { first, after: after ?? null });
    const edges = page.items.map(({ item, cursor }) => ({ cursor, node: toFlowNode(item, context) }));
    return Object.assign(new FlowConnection(), {
      edges,
      nodes: edges.map((edge) => edge.node),
      pageInfo: pageInfoOf(page),
      streamCursor,
      count: () => this.queries.count(context, wanted),
    });
  }

  @Query(() => [MappingTarget], { nullable: true, description: 'What a column of a source can be mapped to.' })
  @Allow('flow.read')
  mappingTargets(): MappingTarget[] {
    return mappingTargets.map(({ field, description, required }) => ({ field, description, required }));
  }
}
