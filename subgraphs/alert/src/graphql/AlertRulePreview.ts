import { Arg, Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { Allow, DateTimeScalar } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import { CodedError } from '@tributary/contracts/errors';
import { previewPoints } from '../domain/previewRule.js';
import type { AlertFiring as Firing, RulePreview } from '../domain/previewRule.js';
import { AlertInstanceState } from './enums.js';

@ObjectType({ description: 'A stretch of time in which a rule’s alert would have been open.' })
export class AlertFiring {
  @Field(() => DateTimeScalar, { description: 'When it would have fired.' })
  from!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it would have resolved. Null when it was still firing at the end of the range.',
  })
  to!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The group. Null without groupBy, and for traces without a value.',
  })
  key!: string | null;

  @Field(() => Float, { description: 'The value furthest beyond the threshold. 0 where data were missing all along.' })
  peak!: number;
}

@ObjectType({ description: 'A change of where a rule would have stood with one group.' })
export class AlertPreviewTransition {
  @Field(() => DateTimeScalar, { description: 'The evaluation that found it.' })
  at!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The group. Null without groupBy, and for traces without a value.',
  })
  key!: string | null;

  @Field(() => AlertInstanceState, { description: 'Where it stood before.' })
  from!: AlertInstanceState;

  @Field(() => AlertInstanceState, { description: 'Where it stood then.' })
  to!: AlertInstanceState;

  @Field(() => Float, { nullable: true, description: 'The figure. Null when there was none.' })
  value!: number | null;
}

@ObjectType({ description: 'What a rule measured at one evaluation.' })
export class AlertPreviewPoint {
  @Field(() => String, {
    nullable: true,
    description: 'The group. Null without groupBy, and for traces without a value.',
  })
  key!: string | null;

  @Field(() => DateTimeScalar, { description: 'The end of the window.' })
  at!: Date;

  @Field(() => Float, {
    nullable: true,
    description: 'In the unit of the metric. Null without data.',
  })
  value!: number | null;
}

@ObjectType({ description: 'What a rule would have done, by the machine that evaluates rules at work.' })
export class AlertRulePreview {
  @Field(() => [AlertFiring], { description: 'Earliest first, 1,000 at most.' })
  firings!: AlertFiring[];

  @Field(() => Int, { description: 'How often it would have been evaluated.' })
  evaluations!: number;

  @Field(() => Int, {
    description:
      'How many notifications people would have been sent by the routes that there are, if nobody had taken up an alert: groups, waits, reminders and steps as they are at work, silences left out. 0 when no route takes its alerts.',
  })
  notifications!: number;

  @Field(() => Int, {
    description: 'Groups that met the condition beyond the most alerts that the rule may have, at worst.',
  })
  droppedGroups!: number;

  @Field(() => Boolean, { description: 'Whether an alert would have begun and ended so often that it stayed open.' })
  flapping!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether evaluations or firings were left out: the range has more than 10,080 of the one, a week by the minute, or 1,000 of the other.',
  })
  truncated!: boolean;

  @Field(() => DateTimeScalar, { description: 'What had come in until then is considered.' })
  freshAsOf!: Date;

  preview!: RulePreview;
}

const mostTransitions = 10_000;

@Resolver(() => AlertRulePreview)
export class AlertRulePreviewResolver {
  constructor(private readonly commands: CommandClient) {}

  @FieldResolver(() => [AlertPreviewTransition], { description: 'Earliest first.' })
  transitions(
    @Root() { preview }: AlertRulePreview,
    @Arg('first', () => Int, { defaultValue: 1_000, description: 'Items at most, 1 to 10,000.' }) first: number,
  ): AlertPreviewTransition[] {
    if (!Number.isInteger(first) || first < 1 || first > mostTransitions)
      throw new CodedError('INVALID_INPUT', '`first` must be 1 to 10,000.', { field: 'first' });
    return preview.transitions
      .slice(0, first)
      .map((transition) => Object.assign(new AlertPreviewTransition(), transition));
  }

  @FieldResolver(() => [AlertPreviewPoint], {
    nullable: true,
    description:
      'What its first condition measured, for a chart: of the ten groups that came worst, each at the same 240 moments at most.',
  })
  @Allow('metrics.read')
  async points(@Root() { preview }: AlertRulePreview, @Ctx() context: GraphqlContext): Promise<AlertPreviewPoint[]> {
    const points = await previewPoints(this.commands, context, preview);
    return points.map((point) => Object.assign(new AlertPreviewPoint(), point));
  }
}

@ObjectType({ description: 'What a change of a rule would have changed.' })
export class AlertRuleComparison {
  @Field(() => AlertRulePreview, { description: 'What the rule as it is would have done.' })
  before!: AlertRulePreview;

  @Field(() => AlertRulePreview, { description: 'What the changed rule would have done.' })
  after!: AlertRulePreview;

  @Field(() => [AlertFiring], { description: 'Firings that only the changed rule has, earliest first.' })
  added!: AlertFiring[];

  @Field(() => [AlertFiring], { description: 'Firings that only the rule as it is has, earliest first.' })
  removed!: AlertFiring[];
}

export function toPreview(preview: RulePreview): AlertRulePreview {
  const { firings, evaluations, notifications, droppedGroups, flapping, truncated, freshAsOf } = preview;
  return Object.assign(new AlertRulePreview(), {
    firings: firings.map(toFiring),
    evaluations,
    notifications,
    droppedGroups,
    flapping,
    truncated,
    freshAsOf,
    preview,
  });
}

export function toFiring(firing: Firing): AlertFiring {
  return Object.assign(new AlertFiring(), { ...firing, peak: firing.peak ?? 0 });
}
