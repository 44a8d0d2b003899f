import { Arg, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { uuidOf } from '@tributary/contracts/ids';
import { ActorReference, Allow, CursorScalar, pageInfoOf, Selection, toActorReference } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { DiscoveryFlow, toDiscoveryFlow } from './DiscoveryFlow.js';
import { flowFilterOf } from '../domain/flow/flowFilter.js';
import { FlowOrder } from './enums.js';
import { FlowFacets, toFlowFacets } from './FlowFacets.js';
import { Flow, FlowPhase, toFlow, toFlowPhase } from './Flow.js';
import { FlowConnection } from './FlowConnection.js';
import { FlowEventConnection, toEventConnection } from './FlowEvent.js';
import type { FlowServices } from './FlowServices.js';
import { readFlowAhead } from './readFlowAhead.js';
import { CreateFlowInput, FlowActionInput, FlowFilter, ReportFlowProgressInput } from './inputs.js';
import {
  CancelFlowPayload,
  CreateFlowPayload,
  PauseFlowPayload,
  ReportFlowProgressPayload,
  ResumeFlowPayload,
  RetryFlowPayload,
  toPayload,
} from './payloads.js';
import type { FlowPayload } from './payloads.js';

@Resolver(() => Flow)
export class FlowResolver {
  constructor(private readonly services: FlowServices) {}

  @Query(() => Flow, { nullable: true, description: 'A flow. Null when it is not in this workspace.' })
  @Allow('flow.read')
  async flow(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Flow | null> {
    const uuid = uuidOf('flow', id);
    if (uuid === null) return null;
    const { queries } = this.services;
    const found = queries.byId(context, uuid);
    readFlowAhead(queries, context, uuid, Selection.of(info));
    const record = await found;
    return record && toFlow(record, context);
  }

  @Query(() => FlowConnection, { nullable: true, description: 'Flows of the workspace.' })
  @Allow('flow.read')
  async flows(
    @Arg('filter', () => FlowFilter, { nullable: true, description: 'Which ones. Default all.' })
    filter: FlowFilter | null,
    @Arg('orderBy', () => FlowOrder, { defaultValue: 'CREATED_DESC', description: 'In which order.' })
    order: FlowOrder,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Go on behind this item.' }) after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowConnection> {
    const wanted = flowFilterOf(context, filter);
    const request = { first, after: after ?? null };
    const { page, streamCursor } = await this.services.queries.page(context, wanted, order, request);
    const edges = page.items.map(({ item, cursor }) => ({ cursor, node: toFlow(item, context) }));
    return Object.assign(new FlowConnection(), {
      edges,
      nodes: edges.map((edge) => edge.node),
      pageInfo: pageInfoOf(page),
      streamCursor,
      count: () => this.services.queries.count(context, wanted),
    });
  }

  @Query(() => FlowFacets, {
    nullable: true,
    description: 'What the flows of the workspace can be narrowed down by.',
  })
  @Allow('flow.read')
  async flowFacets(
    @Arg('filter', () => FlowFilter, { nullable: true, description: 'Of which flows. Default all.' })
    filter: FlowFilter | null,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowFacets> {
    return toFlowFacets(await this.services.queries.facets(context, flowFilterOf(context, filter)));
  }

  @FieldResolver(() => FlowPhase, {
    nullable: true,
    description: 'The phase that it stands at. Null before it began and once it has succeeded.',
  })
  async currentPhase(@Root() flow: Flow): Promise<FlowPhase | null> {
    const { currentPhase } = flow.record;
    if (currentPhase === null) return null;
    const found = (await this.services.queries.phases(flow.context, flow.record.id)).find(
      (phase) => phase.name === currentPhase,
    );
    return found ? toFlowPhase(found) : null;
  }

  @FieldResolver(() => [FlowPhase], { description: 'All its phases, in order.' })
  async phases(@Root() flow: Flow): Promise<FlowPhase[]> {
    return (await this.services.queries.phases(flow.context, flow.record.id)).map(toFlowPhase);
  }

  @FieldResolver(() => DiscoveryFlow, {
    nullable: true,
    description: 'What a discovery reads and has found. Null for flows that an outside runner drives.',
  })
  async discovery(@Root() flow: Flow): Promise<DiscoveryFlow | null> {
    const record = await this.services.queries.discovery(flow.context, flow.record.id);
    return record && toDiscoveryFlow(record, flow.context);
  }

  @FieldResolver(() => FlowEventConnection, {
    description:
      'What happened to it, oldest first: the log that flowProgress streams. With neither first nor last: the first 50.',
  })
  async events(
    @Root() flow: Flow,
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
    return toEventConnection(await this.services.queries.events(flow.context, flow.record.id, request), flow.context);
  }

  @FieldResolver(() => ActorReference, { nullable: true, description: 'Who asked for it.' })
  @Allow('member.read')
  createdBy(@Root() flow: Flow): ActorReference {
    return toActorReference(flow.record.createdByKind, flow.record.createdById);
  }

  @Mutation(() => PauseFlowPayload, { nullable: true, description: 'Stops a queued or running flow where it stands.' })
  @Allow('flow.control')
  async pauseFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.control.pause(context, input), context);
  }

  @Mutation(() => ResumeFlowPayload, { nullable: true, description: 'Lets a paused flow go on where it stands.' })
  @Allow('flow.control')
  async resumeFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.control.resume(context, input), context);
  }

  @Mutation(() => CancelFlowPayload, { nullable: true, description: 'Ends a flow for good. What it has found stays.' })
  @Allow('flow.control')
  async cancelFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.control.cancel(context, input), context);
  }

  @Mutation(() => RetryFlowPayload, {
    nullable: true,
    description: 'Takes a failed flow up again at the phase that failed, if its failure is retryable.',
  })
  @Allow('flow.control')
  async retryFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.control.retry(context, input), context);
  }

  @Mutation(() => CreateFlowPayload, {
    nullable: true,
    description: 'Creates a flow that a runner outside this product drives with reportFlowProgress.',
  })
  @Allow('flow.report')
  async createFlow(
    @Arg('input', () => CreateFlowInput, { description: 'What it is.' }) input: CreateFlowInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.runners.create(context, input), context);
  }

  @Mutation(() => ReportFlowProgressPayload, {
    nullable: true,
    description:
      'Tells how a phase of an outside runner’s flow goes. A phase never goes back: an older report changes nothing and succeeds. On a paused flow the answer’s status tells the runner to stop; on an ended one it is RESOURCE_CONFLICT. Without a report for 15 minutes (a workspace setting) the flow fails with RUNNER_LOST.',
  })
  @Allow('flow.report')
  async reportFlowProgress(
    @Arg('input', () => ReportFlowProgressInput, { description: 'The report.' }) input: ReportFlowProgressInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.services.runners.report(context, input), context);
  }
}
