import { Field, Float, ObjectType } from 'type-graphql';
import type { MergedEvent, MergedPage } from '@tributary/events';
import { Allow, CursorScalar, DateTimeScalar, JsonObjectScalar, PageInfo } from '@tributary/server';
import { kindOf } from '../domain/activity.js';
import { tellActivity } from '../domain/tellActivity.js';
import { ActivityKind } from './enums.js';
import { Alert, Flow } from './stubs.js';

@ObjectType({ description: 'Something that happened in the workspace, or word about the stream itself (`stream.*`).' })
export class ActivityEvent {
  @Field(() => Float, {
    description:
      'Grows with every event, and may leave numbers out: it counts what is behind the cursor in all that is read.',
  })
  sequence!: number;

  @Field(() => CursorScalar, {
    description: 'The position of this event: hand it back as `after` to go on behind it, here and in activityUpdated.',
  })
  cursor!: string;

  @Field(() => CursorScalar, {
    nullable: true,
    description: 'The position that this event follows on this subscription. Null in a page, and on stream.* events.',
  })
  previousCursor!: string | null;

  @Field(() => ActivityKind, { nullable: true, description: 'What it is about. Null on stream.* events.' })
  kind!: ActivityKind | null;

  @Field(() => String, {
    description:
      'As in flowUpdates and alertUpdates; traces.ingested; stream.snapshot and stream.reset are about the stream. Others may be added.',
  })
  type!: string;

  @Field(() => DateTimeScalar, {
    description:
      'When it happened; of traces the end of the minute in which they came in; of a stream.* event, when it was made.',
  })
  occurredAt!: Date;

  @Field(() => JsonObjectScalar, {
    description:
      'What stood when it happened. Of a flow: name, kind, status, phase, progress, message. Of an alert: status, severity, value, occurrences. Of traces: traces, batches, costUsd, and the names of the dearest five agents. Of stream.reset: kinds, of which the position was gone.',
  })
  data!: Record<string, unknown>;

  flowId!: string | null;
  alertId!: string | null;

  @Field(() => Flow, {
    nullable: true,
    description: 'The flow that it is about, as it is now. Null when it is about none.',
  })
  @Allow('flow.read')
  flow(): Flow | null {
    return this.flowId === null ? null : Object.assign(new Flow(), { id: this.flowId });
  }

  @Field(() => Alert, {
    nullable: true,
    description: 'The alert that it is about, as it is now. Null when it is about none.',
  })
  @Allow('alert.read')
  alert(): Alert | null {
    return this.alertId === null ? null : Object.assign(new Alert(), { id: this.alertId });
  }
}

@ObjectType({ description: 'An item of an ActivityConnection.' })
export class ActivityEdge {
  @Field(() => CursorScalar, { description: 'The position of this item: hand it back as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => ActivityEvent, { description: 'The item.' })
  node!: ActivityEvent;
}

@ObjectType({ description: 'What happened in the workspace, newest first.' })
export class ActivityConnection {
  @Field(() => [ActivityEdge], { description: 'The items with their cursors.' })
  edges!: ActivityEdge[];

  @Field(() => [ActivityEvent], { description: 'The items alone.' })
  nodes!: ActivityEvent[];

  @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
  pageInfo!: PageInfo;

  @Field(() => CursorScalar, {
    description:
      'Where the page begins: activityUpdated with it as `after` gives what is newer, and repeats nothing of it.',
  })
  streamCursor!: string;
}

export function toActivityConnection({ items, hasNextPage, streamCursor }: MergedPage): ActivityConnection {
  const edges = items.map(({ stream, at, events, cursor, sequence }) => {
    const kind = kindOf(stream);
    const facts = { kind, type: events.at(-1)!.type, occurredAt: at, ...tellActivity(kind, events) };
    return { cursor, node: Object.assign(new ActivityEvent(), { ...facts, sequence, cursor, previousCursor: null }) };
  });
  const cursors = { startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null };
  return Object.assign(new ActivityConnection(), {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: { ...cursors, hasNextPage, hasPreviousPage: false },
    streamCursor,
  });
}

export function toActivityEvent({ sequence, cursor, previousCursor, ...event }: MergedEvent): ActivityEvent {
  const { stream, type, at: occurredAt, events, lost } = event;
  const kind = stream && kindOf(stream);
  const told =
    kind === null
      ? { data: type === 'stream.reset' ? { kinds: lost.map(kindOf) } : {}, flowId: null, alertId: null }
      : tellActivity(kind, events);
  return Object.assign(new ActivityEvent(), { sequence, cursor, previousCursor, kind, type, occurredAt, ...told });
}
