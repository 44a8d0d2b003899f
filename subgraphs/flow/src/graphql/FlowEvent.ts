import { Field, Float, ObjectType } from 'type-graphql';
import { Deadline } from '@tributary/kernel';
import { CursorScalar, DateTimeScalar, JsonObjectScalar, PageInfo, toStreamConnection } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { EventPage, EventPayload, StreamEvent, StreamPage } from '@tributary/events';
import { FlowStatus } from './enums.js';

@ObjectType({
  description: 'Something that happened to a flow, or word about the stream itself (`stream.*`).',
})
export class FlowEvent {
  /** Read on behalf of this, so that `flow` is as of delivery. */
  context!: GraphqlContext;
  /** Bare uuid; null on stream.* events of flowUpdates. */
  flowId!: string | null;

  @Field(() => Float, {
    description: '1, 2, 3 … within its stream, without a gap: one flow, or for flowUpdates the workspace.',
  })
  sequence!: number;

  @Field(() => CursorScalar, { description: 'The position of this event: hand it back as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => CursorScalar, {
    nullable: true,
    description:
      'The position that this event follows on this subscription, or that this page does. Null on the first stream.* event, on the first of a page without `after`, and in Flow.events.',
  })
  previousCursor!: string | null;

  @Field(() => String, {
    description:
      'flow.created, flow.started, phase.started, phase.progressed, phase.finished, phase.failed, flow.awaiting_approval, flow.approved, flow.paused, flow.resumed, flow.retried, flow.cancelled, flow.finished, flow.failed; stream.snapshot, stream.reset, stream.bookmark. Types may be added.',
  })
  type!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the phase that it is about. Null when it is about the whole flow and no phase stands.',
  })
  phase!: string | null;

  @Field(() => FlowStatus, {
    nullable: true,
    description: 'Of the flow, as of this event. Null on stream.* events of flowUpdates.',
  })
  status!: FlowStatus | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the whole flow, 0 to 1, as of this event. Null on stream.* events of flowUpdates.',
  })
  progress!: number | null;

  @Field(() => String, { nullable: true, description: 'For people. Null when there is nothing to add.' })
  message!: string | null;

  @Field(() => JsonObjectScalar, {
    description:
      'Counts and facts of this event; on stream.reset `reason` says why the position is gone, and in pages and webhooks `fromSequence` and `toSequence` which numbers can no longer be read.',
  })
  data!: Record<string, unknown>;

  @Field(() => DateTimeScalar, { description: 'When it happened; of a stream.* event, when it was made.' })
  occurredAt!: Date;
}

@ObjectType({ description: 'An event of a flow’s log, or of all flows’.' })
export class FlowEventEdge {
  @Field(() => CursorScalar, {
    description: 'The position of this event, good for `after` here and in the subscription.',
  })
  cursor!: string;

  @Field(() => FlowEvent, { description: 'The event.' })
  node!: FlowEvent;
}

@ObjectType({ description: 'A page of a flow’s log, or of all flows’, oldest first.' })
export class FlowEventConnection {
  @Field(() => [FlowEventEdge], { description: 'The events with their cursors.' })
  edges!: FlowEventEdge[];

  @Field(() => [FlowEvent], { description: 'The events alone.' })
  nodes!: FlowEvent[];

  @Field(() => PageInfo, {
    description:
      'Where this page stands in the log. In the page form of a stream, endCursor is the position read up to, also when the filter let nothing through.',
  })
  pageInfo!: PageInfo;
}

/** How long reading what an event links to may take. */
const eventReadMs = 10_000;

/** An event of a subscription. It gets a context of its own: nothing read for an earlier event may answer for this one. */
export function toDeliveredEvent(event: StreamEvent, subscriber: GraphqlContext): FlowEvent {
  const context = { ...subscriber, deadline: Deadline.in(eventReadMs) };
  return Object.assign(fromPayload(event.payload, context), {
    sequence: event.sequence,
    cursor: event.cursor,
    previousCursor: event.previousCursor,
    type: event.type,
    occurredAt: event.occurredAt,
  });
}

export function toEventConnection(page: EventPage, context: GraphqlContext): FlowEventConnection {
  const edges = page.items.map(({ event, cursor }) => ({
    cursor,
    node: Object.assign(fromPayload(event.payload, context), {
      sequence: event.sequence,
      cursor,
      previousCursor: null,
      type: event.type,
      occurredAt: event.at,
    }),
  }));
  return Object.assign(new FlowEventConnection(), {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
    },
  });
}

/** A page of a subscription's events. What they link to is read for all of them together. */
export function toStreamedEvents(page: StreamPage, context: GraphqlContext): FlowEventConnection {
  const toNode = ({ sequence, cursor, previousCursor, type, occurredAt, payload }: StreamEvent) =>
    Object.assign(fromPayload(payload, context), { sequence, cursor, previousCursor, type, occurredAt });
  return Object.assign(new FlowEventConnection(), toStreamConnection(page, toNode));
}

/** Of a stream.reset: why the position is gone, and which numbers can no longer be read. */
const aboutTheStream = ['reason', 'fromSequence', 'toSequence'] as const;

function fromPayload(payload: EventPayload, context: GraphqlContext): FlowEvent {
  const data = { ...(payload['data'] as Record<string, unknown> | undefined) };
  if (payload['failure']) data['failure'] = payload['failure'];
  for (const word of aboutTheStream) if (payload[word] !== undefined) data[word] = payload[word];
  return Object.assign(new FlowEvent(), {
    context,
    flowId: (payload['flowId'] as string | undefined) ?? null,
    phase: (payload['phase'] as string | undefined) ?? null,
    status: (payload['status'] as FlowStatus | undefined) ?? null,
    progress: (payload['progress'] as number | undefined) ?? null,
    message: (payload['message'] as string | undefined) ?? null,
    data,
  });
}
