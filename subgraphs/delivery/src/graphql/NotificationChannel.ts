import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { connectionType, DateTimeScalar, JsonObjectScalar, Node } from '@tributary/server';
import type { ChannelRow, Notification as NotificationRecord } from '../domain/model.js';
import { AttemptOutcome, ChannelKind, DeliveryStatus } from './enums.js';

@ObjectType({ implements: Node, description: 'A way to tell people of alerts.' })
@Directive('@key(fields: "id")')
export class NotificationChannel extends Node {
  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => ChannelKind, { description: 'What it tells people by.' })
  kind!: ChannelKind;

  @Field(() => JsonObjectScalar, {
    description: 'Where it leads, as its kind asks for. Its secret is not shown again.',
  })
  settings!: Record<string, unknown>;

  @Field(() => DeliveryStatus, { description: 'Whether it takes what it is sent: ACTIVE, FAILING or DISABLED.' })
  status!: DeliveryStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Why nothing is sent: FAILING_TOO_LONG. Null while it is sent to.',
  })
  statusReason!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it takes nothing; after 5 days it is disabled. Null: it does.',
  })
  failingSince!: Date | null;

  @Field(() => Int, { description: 'Counts its changes; a change must name the one that it was decided on.' })
  version!: number;
}

@ObjectType({ description: 'What people were told of a group of alerts by one channel.' })
export class Notification {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was tried last.' })
  at!: Date;

  @Field(() => String, {
    description:
      'Why: FIRED, UPDATED, REPEATED, ESCALATED or RESOLVED; or MOVED, when routes were changed and its alerts are not told here any more.',
  })
  kind!: string;

  @Field(() => String, { description: 'Name of the route that decided it.' })
  route!: string;

  @Field(() => Int, { description: 'Alerts of the group.' })
  alerts!: number;

  @Field(() => AttemptOutcome, { nullable: true, description: 'What came of the last attempt.' })
  outcome!: AttemptOutcome | null;

  /** What its other fields start from. */
  row!: NotificationRecord;
}

@ObjectType('NotificationConnection', { description: 'A page of what was sent, newest first.' })
export class NotificationConnection extends connectionType(() => Notification, 'Notification') {}

export function toChannel(row: ChannelRow): NotificationChannel {
  const { kind, name, settings, status, statusReason, failingSince, version } = row;
  const id = encodeId('channel', row.id);
  return Object.assign(new NotificationChannel(), {
    id,
    kind,
    name,
    settings,
    status,
    statusReason,
    failingSince,
    version,
  });
}

export function toNotification(row: NotificationRecord): Notification {
  const { at, kind, route, alerts, outcome } = row;
  return Object.assign(new Notification(), { id: encodeId('note', row.id), at, kind, route, alerts, outcome, row });
}
