import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { resolveRange } from '@tributary/contracts/values';
import { Allow, CursorScalar, isKnownFlow, TimeRange, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { plainTrace } from '../domain/checkTrace.js';
import { readTrace, readTraces } from '../domain/traceList.js';
import { readChildren, readTraceAt } from '../domain/traceTree.js';
import type { TraceIntake } from '../domain/TraceIntake.js';
import { Flow } from './stubs.js';
import { IngestTracesPayload } from './ingestion.js';
import { IngestTracesInput, MetricFilter } from './inputs.js';
import type { TraceInput } from './inputs.js';
import { TraceOrder } from './enums.js';
import { toTrace, Trace, TraceConnection } from './Trace.js';

@Resolver(() => Trace)
export class TraceResolver {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly intake: TraceIntake,
  ) {}

  @Query(() => TraceConnection, { nullable: true, description: 'Agents’ runs of a period.' })
  @Allow('metrics.read')
  async traces(
    @Arg('range', () => TimeRange, { description: 'The period in which they began.' }) range: TimeRange,
    @Arg('filter', () => MetricFilter, { nullable: true, description: 'Which traces are listed. Null: all.' })
    filter: MetricFilter | null,
    @Arg('orderBy', () => TraceOrder, { defaultValue: 'STARTED_DESC', description: 'In which order.' })
    order: TraceOrder,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<Trace>> {
    const request = { range: resolveRange(range), filter: filter ?? {}, order, first, after: after ?? null };
    return toConnection(await readTraces(this.database, context, request), (row) => toTrace(row, context));
  }

  @Query(() => Trace, { nullable: true, description: 'One run of an agent. Null when it is not in this workspace.' })
  @Allow('metrics.read')
  async trace(
    @Arg('id', () => ID, { description: 'The trace’s id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<Trace | null> {
    const row = await readTrace(this.database, context, id);
    return row && toTrace(row, context);
  }

  @FieldResolver(() => Flow, {
    nullable: true,
    description: 'The flow that it belongs to. Null for none, and when the flow is not known in this workspace.',
  })
  @Allow('flow.read')
  async flow(@Root() trace: Trace, @Ctx() context: GraphqlContext): Promise<Flow | null> {
    const { flowId } = trace;
    if (flowId === null || !(await isKnownFlow(this.commands, context, flowId))) return null;
    return Object.assign(new Flow(), { id: flowId });
  }

  @FieldResolver(() => Trace, {
    nullable: true,
    description: 'What it is a part of. Null for a whole run, and when its sender knows no tree or did not send it.',
  })
  async parent(@Root() { runId, parentExternalId }: Trace, @Ctx() context: GraphqlContext): Promise<Trace | null> {
    if (runId === null || parentExternalId === null) return null;
    const row = await readTraceAt(this.database, context, { runId, externalId: parentExternalId });
    return row && toTrace(row, context);
  }

  @FieldResolver(() => [Trace], {
    nullable: true,
    description: 'Its parts, the first to begin first, at most 100. Empty when its sender knows no tree.',
  })
  async children(@Root() { runId, externalId }: Trace, @Ctx() context: GraphqlContext): Promise<Trace[]> {
    if (runId === null) return [];
    const rows = await readChildren(this.database, context, { runId, externalId });
    return rows.map((row) => toTrace(row, context));
  }

  @Mutation(() => IngestTracesPayload, {
    nullable: true,
    description:
      'Stores agents’ runs, at most 1,000 a call. Sending a trace again, with the same externalId and startedAt, is safe: it is stored once and counted as a duplicate. A faulty trace is rejected alone.',
  })
  @Directive('@ingest')
  @Allow('trace.ingest')
  async ingestTraces(
    @Arg('input', () => IngestTracesInput, { description: 'The traces.' }) input: IngestTracesInput,
    @Ctx() context: GraphqlContext,
  ): Promise<IngestTracesPayload> {
    return (await this.intake.take(context, input.traces.map(toSentTrace))) as IngestTracesPayload;
  }
}

function toSentTrace(input: TraceInput) {
  return {
    ...plainTrace,
    ...input,
    model: input.model ?? null,
    department: input.department ?? null,
    environment: input.environment ?? null,
    version: input.version ?? null,
    flowId: input.flowId ?? null,
    attributes: input.attributes ?? {},
    cachedInputTokens: input.cachedInputTokens ?? 0,
    costUsd: input.costUsd ?? null,
    kind: input.kind ?? plainTrace.kind,
    provider: input.provider ?? null,
    sessionId: input.sessionId ?? null,
    userId: input.userId ?? null,
  };
}
