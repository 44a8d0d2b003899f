import { Directive, Field, Float, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import {
  countedConnectionType,
  CursorScalar,
  DateTimeScalar,
  JsonObjectScalar,
  Node,
  toConnection,
} from '@tributary/server';
import type { ConnectionValue } from '@tributary/server';
import type { AlertPage } from '../domain/Alerts.js';
import type { AlertRow } from '../domain/model.js';
import { AlertResolvedReason, AlertSeverity, AlertStatus } from './enums.js';

@ObjectType({ implements: Node, description: 'Something that needs, or needed, a person.' })
@Directive('@key(fields: "id")')
export class Alert extends Node {
  @Field(() => String, {
    description:
      'What it is about: flow:<uuid> for a failed flow, rule:<uuid> or rule:<uuid>:<group> for a rule. One open alert for each.',
  })
  fingerprint!: string;

  @Field(() => AlertSeverity, {
    description:
      'How grave it is. A failed flow is CRITICAL, or WARNING when it can be retried; an open alert becomes graver with its rule.',
  })
  severity!: AlertSeverity;

  @Field(() => AlertStatus, { description: 'Where it stands.' })
  status!: AlertStatus;

  @Field(() => String, { description: 'What is wrong, in a line.' })
  title!: string;

  @Field(() => String, { description: 'What is wrong, as of the last occurrence.' })
  description!: string;

  @Field(() => JsonObjectScalar, {
    description: 'Facts to sort and route by, such as metric, threshold, key, phase, code.',
  })
  labels!: Record<string, unknown>;

  @Field(() => Float, { nullable: true, description: 'The figure at the last occurrence. Null for a failed flow.' })
  value!: number | null;

  @Field(() => Int, {
    description:
      'How often it was seen: a flow that failed again; of a rule, counted after 1, 2, 4 … 60 minutes that its condition held on, and when it fired again soon.',
  })
  occurrences!: number;

  @Field(() => DateTimeScalar, { description: 'When it fired.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its last occurrence was counted.' })
  lastSeenAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was acknowledged. Null when it was not.' })
  acknowledgedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was said last; its history has all of it.',
  })
  comment!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was resolved. Null while it is open.' })
  resolvedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when it is taken up; then it is given back. Null: until it ends, or nobody has taken it up.',
  })
  acknowledgedUntil!: Date | null;

  @Field(() => AlertResolvedReason, {
    nullable: true,
    description: 'Why it ended. Null while it is open, and for alerts that ended before reasons were kept.',
  })
  resolvedReason!: AlertResolvedReason | null;

  @Field(() => Boolean, { description: 'Its condition is over, and not yet for as long as its rule keeps it.' })
  recovering!: boolean;

  @Field(() => Boolean, { description: 'It began and ended so often that it stays open until that stops.' })
  flapping!: boolean;

  @Field(() => Int, { description: 'How often it fired again soon after it had ended by itself.' })
  reopened!: number;

  @Field(() => Boolean, { description: 'It was found when data came later than their evaluation.' })
  late!: boolean;

  @Field(() => Boolean, { description: 'Data that came late showed that it never was.' })
  retracted!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when no data are behind it. Null while there are some, and for a failed flow.',
  })
  noDataSince!: Date | null;

  @Field(() => String, { nullable: true, description: 'Where its rule says what to do. Null: nowhere.' })
  runbookUrl!: string | null;

  @Field(() => Int, { description: 'Counts its changes.' })
  version!: number;

  /** What its joined fields start from. */
  row!: AlertRow;
}

@ObjectType('AlertConnection', { description: 'A page of a list of alerts.' })
export class AlertConnection extends countedConnectionType(() => Alert, 'Alert') {
  @Field(() => CursorScalar, {
    description: 'Where alertUpdates stood when this page was read: subscribe with it as `after` to miss nothing.',
  })
  streamCursor!: string;
}

export function toAlert(row: AlertRow): Alert {
  return Object.assign(new Alert(), {
    id: encodeId('alert', row.id),
    fingerprint: row.fingerprint,
    severity: row.severity,
    status: row.status,
    title: row.title,
    description: row.description,
    labels: row.labels,
    value: row.value,
    occurrences: row.occurrences,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    acknowledgedAt: row.acknowledgedAt,
    comment: row.comment,
    resolvedAt: row.resolvedAt,
    acknowledgedUntil: row.acknowledgedUntil,
    resolvedReason: row.resolvedReason,
    recovering: row.recovering,
    flapping: row.flapping,
    reopened: row.reopened,
    late: row.late,
    retracted: row.retracted,
    noDataSince: row.noDataSince,
    runbookUrl: row.runbookUrl,
    version: row.version,
    row,
  });
}

export function toAlertConnection(page: AlertPage): ConnectionValue<Alert> & { streamCursor: string } {
  // Null only when it is not selected.
  return Object.assign(
    toConnection(page, toAlert, () => page.count()),
    { streamCursor: page.streamCursor! },
  );
}
