import { CodedError } from '@tributary/contracts/errors';
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ActorReference, Allow, CursorScalar, DateTimeScalar, toActorReference, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { AlertSilences } from '../domain/AlertSilences.js';
import { AlertSilence, AlertSilenceConnection, toSilence } from './AlertSilence.js';
import {
  CreateAlertSilenceInput,
  CreateAlertSilencePayload,
  EndAlertSilenceInput,
  EndAlertSilencePayload,
  UpdateAlertSilenceInput,
  UpdateAlertSilencePayload,
} from './silenceInputs.js';

@Resolver(() => AlertSilence)
export class AlertSilenceResolver {
  constructor(private readonly silences: AlertSilences) {}

  @Query(() => AlertSilenceConnection, {
    nullable: true,
    description: 'Silences and maintenance windows, newest first, also those that are over.',
  })
  @Allow('alert.read')
  async alertSilences(
    @Arg('active', () => Boolean, {
      nullable: true,
      description: 'Those that hold notifications now, or those that do not. Null: all.',
    })
    active: boolean | null,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AlertSilence>> {
    const page = await this.silences.list(context, active ?? null, { first, after: after ?? null });
    return toConnection(page, toSilence, () => page.count());
  }

  @FieldResolver(() => Boolean, { description: 'Whether it holds notifications now.' })
  active(@Root() { row }: AlertSilence): boolean {
    return this.silences.isActive(row);
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When it begins next. Null when it does not begin any more.',
  })
  nextAt(@Root() { row }: AlertSilence): Date | null {
    return this.silences.nextAt(row);
  }

  @FieldResolver(() => ActorReference, {
    nullable: true,
    description: 'Who made it. Null for those who may not see who did what.',
  })
  @Allow('member.read')
  createdBy(@Root() { row }: AlertSilence): ActorReference {
    return toActorReference(row.createdByKind, row.createdById);
  }

  @Mutation(() => CreateAlertSilencePayload, {
    nullable: true,
    description: 'Holds the notifications of some alerts for a time, now or later, once or again and again.',
  })
  @Allow('alert.silence')
  async createAlertSilence(
    @Arg('input', () => CreateAlertSilenceInput, { description: 'The silence.' }) input: CreateAlertSilenceInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateAlertSilencePayload> {
    const { kind, matchers, comment, endsAt } = input;
    const definition = {
      kind,
      matchers: matchers.map(({ label, values }) => ({ label, values })),
      comment,
      startsAt: input.startsAt ?? null,
      endsAt,
      rrule: input.rrule ?? null,
      timeZone: input.timeZone ?? null,
      durationSeconds: input.durationSeconds ?? null,
    };
    const { silence, matches } = await this.silences.create(context, definition, input);
    return { silence: toSilence(silence), matches };
  }

  @Mutation(() => UpdateAlertSilencePayload, {
    nullable: true,
    description:
      'Changes a silence that is not over; one that is, or has another version than the one named, is RESOURCE_CONFLICT.',
  })
  @Allow('alert.silence')
  async updateAlertSilence(
    @Arg('input', () => UpdateAlertSilenceInput, { description: 'The change.' }) input: UpdateAlertSilenceInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateAlertSilencePayload> {
    const { id, version } = input;
    return { silence: toSilence(await this.silences.update(context, { id, version, patch: toPatch(input) }, input)) };
  }

  @Mutation(() => EndAlertSilencePayload, {
    nullable: true,
    description: 'Ends a silence before its time. One that is over is RESOURCE_CONFLICT.',
  })
  @Allow('alert.silence')
  async endAlertSilence(
    @Arg('input', () => EndAlertSilenceInput, { description: 'Which silence.' }) input: EndAlertSilenceInput,
    @Ctx() context: GraphqlContext,
  ): Promise<EndAlertSilencePayload> {
    return { silence: toSilence(await this.silences.end(context, input.id, input)) };
  }
}

/** Absent fields stay absent. Throws INVALID_INPUT for null where nothing can be cleared. */
function toPatch({ comment, startsAt, endsAt, rrule, durationSeconds }: UpdateAlertSilenceInput) {
  const patch = {
    ...given('comment', comment),
    ...given('startsAt', startsAt),
    ...given('endsAt', endsAt),
    ...given('durationSeconds', durationSeconds),
  };
  return rrule === undefined ? patch : { ...patch, rrule };
}

function given<Field extends string, Value>(
  field: Field,
  value: Value | null | undefined,
): { readonly [Name in Field]?: Value } {
  if (value === undefined) return {};
  if (value === null) {
    throw new CodedError('INVALID_INPUT', `\`${field}\` cannot be null. Leave it out to keep it.`, { field });
  }
  return { [field]: value } as { readonly [Name in Field]?: Value };
}
