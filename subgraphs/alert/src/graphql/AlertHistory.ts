import { Field, Int, ObjectType } from 'type-graphql';
import { connectionType, DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import type { HistoryRow } from '../domain/model.js';

@ObjectType({ description: 'Something that happened to an alert. It is kept for ever.' })
export class AlertHistoryEntry {
  @Field(() => Int, { description: 'The version of the alert that it made; ascending, and not every number is there.' })
  number!: number;

  @Field(() => DateTimeScalar, {
    description: 'When it happened; for what a rule found, the moment that it evaluated.',
  })
  at!: Date;

  @Field(() => String, {
    description:
      'fired, repeated, reopened, recovering, flapping, settled, escalated, corrected, acknowledged, unacknowledged, assigned, commented, suppressed, unsuppressed or resolved. Others may be added.',
  })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'What was said. Null when nothing was.' })
  comment!: string | null;

  @Field(() => JsonObjectScalar, {
    description: 'What stood behind it: status, severity, value, version and what changed.',
  })
  facts!: Record<string, unknown>;

  /** What its actor is found from. */
  row!: HistoryRow;
}

export const AlertHistoryConnection = connectionType(() => AlertHistoryEntry, 'AlertHistory');

export function toHistoryEntry(row: HistoryRow): AlertHistoryEntry {
  const { number, at, kind, comment, facts } = row;
  return Object.assign(new AlertHistoryEntry(), { number, at, kind, comment, facts, row });
}
