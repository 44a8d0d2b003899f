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
import { AlertSeverity, AlertStatus } from './enums.js';

@ObjectType({ implements: Node, description: 'Something that needs, or needed, a person.' })
@Directive('@key(fields: "id")')
export class Alert extends Node {
  @Field(() => String, {
    description:
      'What it is about: flow:<uuid> for a failed flow, rule:<uuid> or rule:<uuid>:<group> for a rule. One open alert for each.',
  })
  fingerprint!: string;

  @Field(() => AlertSeverity, {
    description: 'How grave it was when it fired. A failed flow is CRITICAL, or WARNING when it can be retried.',
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
      'How often it was seen: a flow that failed again, a rule whose condition held on for a minute (or a shorter window).',
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
    description: 'What was said when it was acknowledged, or resolved by a person.',
  })
  comment!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was resolved. Null while it is open.' })
  resolvedAt!: Date | null;

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
