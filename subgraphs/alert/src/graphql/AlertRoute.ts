import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import type { Routing } from '../domain/AlertRoutes.js';
import type { RouteRow, RouteStep } from '../domain/model.js';
import { AlertMatcher } from './AlertSilence.js';
import { keyDescription } from './inputs.js';
import { AlertMatcherInput } from './silenceInputs.js';

@ObjectType({ description: 'Who is told, so long after an alert fired, while nobody has acknowledged it.' })
export class EscalationStep {
  @Field(() => Int, { description: 'Seconds since the alert fired, or was given back. 0 in the first step.' })
  afterSeconds!: number;

  row!: RouteStep;
}

@ObjectType({ description: 'Who is told of which alerts.' })
export class AlertRoute {
  @Field(() => ID, { description: 'Its id, which it keeps with its name.' })
  id!: string;

  @Field(() => String, { description: 'What it is for. No other route of the workspace has this name.' })
  name!: string;

  @Field(() => [AlertMatcher], { description: 'Which alerts it takes: all of them must match. None: every alert.' })
  matchers!: AlertMatcher[];

  @Field(() => Boolean, { description: 'Whether the routes behind it are looked at, too, for an alert that it takes.' })
  goOn!: boolean;

  @Field(() => [String], { description: 'Labels: alerts that are alike in all of them are told together.' })
  groupBy!: string[];

  @Field(() => Int, { description: 'How long the first news of a group waits for others, in seconds.' })
  groupWaitSeconds!: number;

  @Field(() => Int, { description: 'How far notifications of news of a group are apart at least, in seconds.' })
  groupIntervalSeconds!: number;

  @Field(() => Int, {
    description: 'After how many seconds a group is told again while one of its alerts is not acknowledged.',
  })
  repeatSeconds!: number;

  @Field(() => [EscalationStep], { description: 'Who is told, step by step.' })
  steps!: EscalationStep[];
}

@ObjectType({ description: 'All routes of the workspace.' })
export class AlertRoutes {
  @Field(() => [AlertRoute], { description: 'In the order in which they are looked at.' })
  routes!: AlertRoute[];

  @Field(() => Int, { description: 'Counts changes of the list; a change must name the one that it was decided on.' })
  version!: number;
}

@InputType({ description: 'Who is told, so long after an alert fired, while nobody has acknowledged it.' })
export class EscalationStepInput {
  @Field(() => Int, {
    description: 'Seconds since the alert fired: 0 in the first step, at least 30 more in each other one.',
  })
  afterSeconds!: number;

  @Field(() => [ID], { description: 'Ids of channels of the workspace, 1 to 10.' })
  @Directive('@maxItems(count: 10)')
  channelIds!: string[];
}

@InputType({ description: 'Who is told of which alerts.' })
export class AlertRouteInput {
  @Field(() => String, { description: 'What it is for, 1 to 200 characters; each name once.' })
  name!: string;

  @Field(() => [AlertMatcherInput], {
    description: 'Which alerts it takes: all of them must match, 20 at most. None: every alert.',
  })
  @Directive('@maxItems(count: 20)')
  matchers!: AlertMatcherInput[];

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the routes behind it are looked at, too, for an alert that it takes.',
  })
  goOn!: boolean;

  @Field(() => [String], {
    nullable: true,
    description:
      'Labels: alerts that are alike in all of them are told together; none: all that it takes. Null: those of a rule, and failed flows.',
  })
  @Directive('@maxItems(count: 10)')
  groupBy?: string[] | null;

  @Field(() => Int, {
    defaultValue: 30,
    description: 'How long the first news of a group waits for others, 0 to 3,600 seconds.',
  })
  groupWaitSeconds!: number;

  @Field(() => Int, {
    defaultValue: 300,
    description: 'How far notifications of news of a group are apart at least, 10 to 86,400 seconds.',
  })
  groupIntervalSeconds!: number;

  @Field(() => Int, {
    defaultValue: 14_400,
    description:
      'After how many seconds a group is told again while one of its alerts is not acknowledged, 60 to 2,592,000.',
  })
  repeatSeconds!: number;

  @Field(() => [EscalationStepInput], { description: 'Who is told, step by step, 1 to 5.' })
  @Directive('@maxItems(count: 5)')
  steps!: EscalationStepInput[];
}

@InputType({ description: 'All routes of the workspace, in the order in which they are looked at.' })
export class SetAlertRoutesInput {
  @Field(() => Int, {
    description: 'The version that the change was decided on, 0 before the first; another one is RESOURCE_CONFLICT.',
  })
  version!: number;

  @Field(() => [AlertRouteInput], { description: 'The whole list, 50 at most. A route that keeps its name goes on.' })
  @Directive('@maxItems(count: 50)')
  routes!: AlertRouteInput[];

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'The routes as they are now.' })
export class SetAlertRoutesPayload {
  @Field(() => AlertRoutes, { description: 'The whole list.' })
  routes!: AlertRoutes;
}

export function toRoute(row: RouteRow): AlertRoute {
  const { name, goOn, groupBy, groupWaitSeconds, groupIntervalSeconds, repeatSeconds } = row;
  return Object.assign(new AlertRoute(), {
    id: encodeId('route', row.id),
    name,
    matchers: row.matchers.map(({ label, values }) => ({ label, values: [...values] })),
    goOn,
    groupBy,
    groupWaitSeconds,
    groupIntervalSeconds,
    repeatSeconds,
    steps: row.steps.map((step) => Object.assign(new EscalationStep(), { afterSeconds: step.afterSeconds, row: step })),
  });
}

export function toRoutes({ routes, version }: Routing): AlertRoutes {
  return Object.assign(new AlertRoutes(), { routes: routes.map(toRoute), version });
}
