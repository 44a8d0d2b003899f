import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { ActorReference, Allow, CursorScalar, toActorReference, toConnection } from '@tributary/server';
import type { ConnectionValue } from '@tributary/server';
import type { FlowQueries } from '../domain/flow/FlowQueries.js';
import type { DiscoveryReports } from '../domain/discovery/DiscoveryReports.js';
import {
  DiscoveryColumnConnection,
  DiscoveryFinding,
  DiscoveryFlowNode,
  FieldMapping,
  RecognisedSource,
  RejectedRowConnection,
  toDiscoveryColumn,
  toDiscoveryFinding,
  toDiscoveryFlow,
  toFieldMapping,
  toRecognisedSource,
  toRejectedRow,
} from './DiscoveryFlowNode.js';
import type { DiscoveryColumn, RejectedRow } from './DiscoveryFlowNode.js';
import { FlowEventConnection, FlowEventNode, toEventConnection } from './FlowEventNode.js';
import { FlowNode, FlowPhase, toFlowNode, toFlowPhase } from './FlowNode.js';

/** The fields of a flow that are read on their own. */
@Resolver(() => FlowNode)
export class FlowResolver {
  constructor(private readonly queries: FlowQueries) {}

  @FieldResolver(() => FlowPhase, {
    nullable: true,
    description: 'The phase that it stands at. Null before it began and once it has succeeded.',
  })
  async currentPhase(@Root() flow: FlowNode): Promise<FlowPhase | null> {
    const { currentPhase } = flow.record;
    if (currentPhase === null) return null;
    const found = (await this.queries.phases(flow.context, flow.record.id)).find(
      (phase) => phase.name === currentPhase,
    );
    return found ? toFlowPhase(found) : null;
  }

  @FieldResolver(() => [FlowPhase], { description: 'All its phases, in order.' })
  async phases(@Root() flow: FlowNode): Promise<FlowPhase[]> {
    return (await this.queries.phases(flow.context, flow.record.id)).map(toFlowPhase);
  }

  @FieldResolver(() => DiscoveryFlowNode, {
    nullable: true,
    description: 'What a discovery reads and has found. Null for flows that an outside runner drives.',
  })
  async discovery(@Root() flow: FlowNode): Promise<DiscoveryFlowNode | null> {
    const record = await this.queries.discovery(flow.context, flow.record.id);
    return record && toDiscoveryFlow(record, flow.context);
  }

  @FieldResolver(() => FlowEventConnection, {
    description:
      'What happened to it, oldest first: the log that flowProgress streams. With neither first nor last: the first 50.',
  })
  async events(
    @Root() flow: FlowNode,
    @Arg('first', () => Int, { nullable: true, description: 'How many from the front, 1 to 100.' })
    first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Behind this event.' }) after: string | null,
    @Arg('last', () => Int, {
      nullable: true,
      description: 'How many from the end, 1 to 100; not together with first.',
    })
    last: number | null,
    @Arg('before', () => CursorScalar, { nullable: true, description: 'In front of this event.' })
    before: string | null,
  ): Promise<FlowEventConnection> {
    const request = { first: first ?? null, after: after ?? null, last: last ?? null, before: before ?? null };
    return toEventConnection(await this.queries.events(flow.context, flow.record.id, request), flow.context);
  }

  @FieldResolver(() => ActorReference, { nullable: true, description: 'Who asked for it.' })
  @Allow('member.read')
  createdBy(@Root() flow: FlowNode): ActorReference {
    return toActorReference(flow.record.createdByKind, flow.record.createdById);
  }
}

@Resolver(() => DiscoveryFlowNode)
export class DiscoveryFlowResolver {
  constructor(
    private readonly queries: FlowQueries,
    private readonly reports: DiscoveryReports,
  ) {}

  @FieldResolver(() => RecognisedSource, {
    nullable: true,
    description: 'The known source that this is. Null: none that we know, or the import has not ended.',
  })
  async recognised(@Root() discovery: DiscoveryFlowNode): Promise<RecognisedSource | null> {
    const report = await this.reports.report(discovery.context, discovery.flowId);
    return report && toRecognisedSource(report);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The encoding that the source was read in, such as utf8 or windows-1252. Null before the import has ended.',
  })
  async encoding(@Root() discovery: DiscoveryFlowNode): Promise<string | null> {
    return (await this.reports.report(discovery.context, discovery.flowId))?.encoding ?? null;
  }

  @FieldResolver(() => [DiscoveryFinding], {
    description: 'What was noticed beside the rows: lines above and below the table, removed credentials and so on.',
  })
  async findings(@Root() discovery: DiscoveryFlowNode): Promise<DiscoveryFinding[]> {
    const report = await this.reports.report(discovery.context, discovery.flowId);
    return (report?.findings ?? []).map(toDiscoveryFinding);
  }

  @FieldResolver(() => DiscoveryColumnConnection, {
    description: 'Every column of the source and what became of it, in the source’s order.',
  })
  async columns(
    @Root() discovery: DiscoveryFlowNode,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
  ): Promise<ConnectionValue<DiscoveryColumn>> {
    const page = await this.reports.columns(discovery.context, discovery.flowId, { first, after: after ?? null });
    const connection = toConnection(
      page,
      (column) => toDiscoveryColumn(column, discovery.context),
      () => this.reports.countColumns(discovery.context, discovery.flowId),
    );
    return Object.assign(new DiscoveryColumnConnection(), connection);
  }

  @FieldResolver(() => [FieldMapping], {
    description: 'What becomes of each column, in the source’s order. Empty before the mapping phase.',
  })
  async fieldMappings(@Root() discovery: DiscoveryFlowNode): Promise<FieldMapping[]> {
    return (await this.queries.fieldMappings(discovery.context, discovery.flowId)).map(toFieldMapping);
  }

  @FieldResolver(() => RejectedRowConnection, { description: 'Rows that became no asset, in the source’s order.' })
  async rejectedRows(
    @Root() discovery: DiscoveryFlowNode,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
  ): Promise<ConnectionValue<RejectedRow>> {
    const page = await this.queries.rejectedRows(discovery.context, discovery.flowId, { first, after: after ?? null });
    const connection = toConnection(
      page,
      (row) => toRejectedRow(row, discovery.context),
      () => this.queries.rejectedCount(discovery.context, discovery.flowId),
    );
    return Object.assign(new RejectedRowConnection(), connection);
  }
}

@Resolver(() => FlowEventNode)
export class FlowEventResolver {
  constructor(private readonly queries: FlowQueries) {}

  @FieldResolver(() => FlowNode, {
    nullable: true,
    description:
      'The flow as it is at delivery, which may be newer than the event. Null only on a stream.* event of flowUpdates.',
  })
  async flow(@Root() event: FlowEventNode): Promise<FlowNode | null> {
    const record = event.flowId === null ? null : await this.queries.byId(event.context, event.flowId);
    return record && toFlowNode(record, event.context);
  }
}
