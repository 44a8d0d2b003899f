import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { countedConnectionType, DateTimeScalar, Node } from '@tributary/server';
import type { SilenceRow } from '../domain/model.js';
import { SilenceKind } from './enums.js';

@ObjectType({ description: 'Which alerts are meant: those whose label has one of the values.' })
export class AlertMatcher {
  @Field(() => String, {
    description: 'severity, ruleId, flowId, assetId, fingerprint, or a label of alerts such as metric or key.',
  })
  label!: string;

  @Field(() => [String], { description: 'Any of them; ids as the graph gives them.' })
  values!: string[];
}

@ObjectType({
  implements: Node,
  description:
    'For how long notifications of some alerts are held: once, or again and again. The alerts stay what they are.',
})
@Directive('@key(fields: "id")')
export class AlertSilence extends Node {
  @Field(() => SilenceKind, { description: 'Why.' })
  kind!: SilenceKind;

  @Field(() => [AlertMatcher], { description: 'Of which alerts: all of them must match. None: of every alert.' })
  matchers!: AlertMatcher[];

  @Field(() => String, { description: 'What it is for.' })
  comment!: string;

  @Field(() => DateTimeScalar, { description: 'When it begins; of what recurs, the first time that it may.' })
  startsAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends; of what recurs, when the series does.' })
  endsAt!: Date;

  @Field(() => String, { nullable: true, description: 'How it recurs, as RFC 5545 writes it. Null: it does not.' })
  rrule!: string | null;

  @Field(() => String, { nullable: true, description: 'By whose clock it recurs. Null when it does not recur.' })
  timeZone!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long each occurrence takes, in seconds. Null when it does not recur.',
  })
  durationSeconds!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody ended it. Null when nobody did.' })
  endedAt!: Date | null;

  @Field(() => Int, { description: 'Counts what people changed of it.' })
  version!: number;

  row!: SilenceRow;
}

export const AlertSilenceConnection = countedConnectionType(() => AlertSilence, 'AlertSilence');

@ObjectType({ description: 'What holds the notifications of an alert. The alert itself stays what it is.' })
export class AlertSuppression {
  @Field(() => SilenceKind, { description: 'Why.' })
  kind!: SilenceKind;

  @Field(() => AlertSilence, { nullable: true, description: 'By which silence.' })
  silence!: AlertSilence | null;

  @Field(() => DateTimeScalar, { description: 'Until when, as it stands.' })
  until!: Date;
}

export function toSilence(row: SilenceRow): AlertSilence {
  const { kind, matchers, comment, startsAt, endsAt, rrule, timeZone, durationSeconds, endedAt, version } = row;
  return Object.assign(new AlertSilence(), {
    id: encodeId('silence', row.id),
    kind,
    matchers: matchers.map(({ label, values }) => ({ label, values: [...values] })),
    comment,
    startsAt,
    endsAt,
    rrule,
    timeZone,
    durationSeconds,
    endedAt,
    version,
    row,
  });
}
