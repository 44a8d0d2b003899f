import { Field, Float, ObjectType } from 'type-graphql';
import { connectionType, CursorScalar, DateTimeScalar, JsonObjectScalar } from '@tributary/server';

@ObjectType({ description: 'Something that happened to an alert, or word about the stream itself.' })
export class AlertEvent {
  @Field(() => Float, {
    description: '1, 2, 3 … without a gap within the workspace. A filtered subscription shows some of them.',
  })
  sequence!: number;

  @Field(() => CursorScalar, { description: 'Hand it back as `after` to go on behind this event.' })
  cursor!: string;

  @Field(() => CursorScalar, {
    nullable: true,
    description:
      'The position that this event follows on this subscription, or that this page does. Null on the first stream.* event, and on the first of a page without `after`.',
  })
  previousCursor!: string | null;

  @Field(() => String, {
    description:
      'alert.fired, alert.repeated, alert.reopened, alert.recovering, alert.flapping, alert.settled, alert.escalated, alert.corrected, alert.acknowledged, alert.unacknowledged, alert.assigned, alert.commented, alert.suppressed, alert.unsuppressed, alert.resolved; stream.snapshot, stream.reset and stream.bookmark are about the stream. Others may be added.',
  })
  type!: string;

  @Field(() => JsonObjectScalar, {
    description:
      'What stood when it happened: status, severity, value, occurrences, version, and reason where an alert was resolved or given back, or the stream reset.',
  })
  data!: Record<string, unknown>;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  occurredAt!: Date;

  /** Bare uuid; null on a `stream.*` event. */
  alertId!: string | null;
}

@ObjectType('AlertEventConnection', {
  description:
    'A page of the stream of alerts’ events, oldest first. Its endCursor is the position read up to, also when the filter let nothing through.',
})
export class AlertEventConnection extends connectionType(() => AlertEvent, 'AlertEvent') {}
