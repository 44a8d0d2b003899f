import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { mappingTargets } from '../domain/discovery/mapping/mappingTargets.js';
import {
  DiscoveryColumnConnection,
  DiscoveryFinding,
  DiscoveryFlow,
  FieldMapping,
  MappingTarget,
  RecognisedSource,
  RejectedRowConnection,
  toDiscoveryColumn,
  toDiscoveryFinding,
  toFieldMapping,
  toRecognisedSource,
  toRejectedRow,
} from './DiscoveryFlow.js';
import type { DiscoveryColumn, RejectedRow } from './DiscoveryFlow.js';
import type { FlowServices } from './FlowServices.js';
import { ApproveFieldMappingsInput, StartDiscoveryInput } from './inputs.js';
import { ApproveFieldMappingsPayload, StartDiscoveryPayload, toPayload } from './payloads.js';
import type { FlowPayload } from './payloads.js';

@Resolver(() => DiscoveryFlow)
export class DiscoveryFlowResolver {
  constructor(private readonly services: FlowServices) {}

  @Query(() => [MappingTarget], { nullable: true, description: 'What a column of a source can be mapped to.' })
  @Allow('flow.read')
  mappingTargets(): MappingTarget[] {
    return mappingTargets.map(({ field, description, required }) => ({ field, description, required }));
  }

  @FieldResolver(() => RecognisedSource, {
    nullable: true,
    description: 'The known source that this is. Null: none that we know, or the import has not ended.',
  })
  async recognised(@Root() discovery: DiscoveryFlow): Promise<RecognisedSource | null> {
    const report = await this.services.reports.report(discovery.context, discovery.flowId);
    return report && toRecognisedSource(report);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The encoding that the source was read in, such as utf8 or windows-1252. Null before the import has ended.',
  })
  async encoding(@Root() discovery: DiscoveryFlow): Promise<string | null> {
    return (await this.services.reports.report(discovery.context, discovery.flowId))?.encoding ?? null;
  }

  @FieldResolver(() => [DiscoveryFinding], {
    description: 'What was noticed beside the rows: lines above and below the table, removed credentials and so on.',
  })
  async findings(@Root() discovery: DiscoveryFlow): Promise<DiscoveryFinding[]> {
    const report = await this.services.reports.report(discovery.context, discovery.flowId);
    return (report?.findings ?? []).map(toDiscoveryFinding);
  }

  @FieldResolver(() => DiscoveryColumnConnection, {
    description: 'Every column of the source and what became of it, in the source’s order.',
  })
  async columns(
    @Root() discovery: DiscoveryFlow,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
  ): Promise<ConnectionValue<DiscoveryColumn>> {
    const page = await this.services.reports.columns(discovery.context, discovery.flowId, {
      first,
      after: after ?? null,
    });
    const connection = toConnection(
      page,
      (column) => toDiscoveryColumn(column, discovery.context),
      () => this.services.reports.countColumns(discovery.context, discovery.flowId),
    );
    return Object.assign(new DiscoveryColumnConnection(), connection);
  }

  @FieldResolver(() => [FieldMapping], {
    description: 'What becomes of each column, in the source’s order. Empty before the mapping phase.',
  })
  async fieldMappings(@Root() discovery: DiscoveryFlow): Promise<FieldMapping[]> {
    const rows = await this.services.queries.fieldMappings(discovery.context, discovery.flowId);
    return rows.map((row) => toFieldMapping(row, discovery.context));
  }

  @FieldResolver(() => RejectedRowConnection, { description: 'Rows that became no asset, in the source’s order.' })
  async rejectedRows(
    @Root() discovery: DiscoveryFlow,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
  ): Promise<ConnectionValue<RejectedRow>> {
    const page = await this.services.queries.rejectedRows(discovery.context, discovery.flowId, {
      first,
      after: after ?? null,
    });
    const connection = toConnection(
      page,
      (row) => toRejectedRow(row, discovery.context),
      () => this.services.queries.rejectedCount(discovery.context, discovery.flowId),
    );
    return Object.assign(new RejectedRowConnection(), connection);
  }

  @Mutation(() => StartDiscoveryPayload, {
    nullable: true,
    description: 'Starts a discovery: a flow that turns a source into assets.',
  })
  @Allow('flow.start')
  async startDiscovery(
    @Arg('input', () => StartDiscoveryInput, { description: 'What to discover.' }) input: StartDiscoveryInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.discovery.start(context, input), context);
  }

  @Mutation(() => ApproveFieldMappingsPayload, {
    nullable: true,
    description: 'Approves the field mappings of a discovery that waits for it, and lets it go on.',
  })
  @Allow('flow.approve')
  async approveFieldMappings(
    @Arg('input', () => ApproveFieldMappingsInput, { description: 'What was decided.' })
    input: ApproveFieldMappingsInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.approval.approve(context, input), context);
  }
}
