import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '@tributary/server';
import { AlertSilence } from './AlertSilence.js';
import { SilenceKind } from './enums.js';
import { keyDescription } from './inputs.js';

const rruleDescription =
  'How it recurs, as RFC 5545 writes it without DTSTART: FREQ=WEEKLY;BYDAY=SU. Once an hour at most. It begins at the time of day of `startsAt` in `timeZone`; a time that a clock skips does not take place, one that comes twice is the first.';

@InputType({ description: 'Which alerts are meant: those whose label has one of the values.' })
export class AlertMatcherInput {
  @Field(() => String, {
    description: 'severity, ruleId, flowId, assetId, fingerprint, or a label of alerts such as metric or key.',
  })
  label!: string;

  @Field(() => [String], { description: 'Any of them, 1 to 250; ids as the graph gives them.' })
  @Directive('@maxItems(count: 250)')
  values!: string[];
}

@InputType({ description: 'A new silence, or a new maintenance window.' })
export class CreateAlertSilenceInput {
  @Field(() => SilenceKind, { defaultValue: 'SILENCE', description: 'Why.' })
  kind!: SilenceKind;

  @Field(() => [AlertMatcherInput], {
    description: 'Of which alerts: all of them must match, 20 at most. None: of every alert.',
  })
  @Directive('@maxItems(count: 20)')
  matchers!: AlertMatcherInput[];

  @Field(() => String, { description: 'What it is for, 1 to 2,000 characters.' })
  comment!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it begins. Null: now.' })
  startsAt?: Date | null;

  @Field(() => DateTimeScalar, {
    description: 'When it ends, five years ahead at most; of what recurs, when the series does.',
  })
  endsAt!: Date;

  @Field(() => String, { nullable: true, description: `${rruleDescription} Null: once.` })
  rrule?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'By whose clock it recurs, such as Europe/Zurich. Only with `rrule`.',
  })
  timeZone?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long each occurrence takes, 60 to 604,800 seconds. Only with `rrule`.',
  })
  durationSeconds?: number | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A change of a silence: an absent field is left.' })
export class UpdateAlertSilenceInput {
  @Field(() => ID, { description: 'The silence’s id.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the change was decided on; another one is RESOURCE_CONFLICT.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'What it is for, 1 to 2,000 characters.' })
  comment?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it begins.' })
  startsAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends.' })
  endsAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'How it recurs, as RFC 5545 writes it; null makes it one that does not recur.',
  })
  rrule?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long each occurrence takes, 60 to 604,800 seconds.' })
  durationSeconds?: number | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which silence ends now.' })
export class EndAlertSilenceInput {
  @Field(() => ID, { description: 'The silence’s id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Why, for the audit trail. 1 to 2,000 characters.' })
  comment?: string | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'The new silence.' })
export class CreateAlertSilencePayload {
  @Field(() => AlertSilence, { description: 'The silence.' })
  silence!: AlertSilence;

  @Field(() => Int, { description: 'Open alerts that it quietens now.' })
  matches!: number;
}

@ObjectType({ description: 'The silence as it is now.' })
export class UpdateAlertSilencePayload {
  @Field(() => AlertSilence, { description: 'The changed silence.' })
  silence!: AlertSilence;
}

@ObjectType({ description: 'The silence, ended.' })
export class EndAlertSilencePayload {
  @Field(() => AlertSilence, { description: 'The silence as it is now.' })
  silence!: AlertSilence;
}
