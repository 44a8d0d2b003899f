import { Directive, Field, Float, ID, InputType, Int } from 'type-graphql';
import { maxTraces } from '../domain/TraceIntake.js';
import { DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { TraceStatus } from './enums.js';

@InputType({ description: 'A period: from ≤ t < to. `from` must be before `to`, by ten years at most.' })
export class TimeRange {
  @Field(() => DateTimeScalar, { description: 'Its first moment.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'The first moment behind it.' })
  to!: Date;
}

@InputType({
  description:
    'Narrows traces down. A trace must match every list that is given; it matches a list by one of its values.',
})
export class MetricFilter {
  @Field(() => [String], { nullable: true, description: 'Names of agents.' })
  agent?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Departments.' })
  department?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Environments.' })
  environment?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Models.' })
  model?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Versions of agents.' })
  version?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of flows.' })
  flowId?: string[] | null;

  @Field(() => [TraceStatus], { nullable: true, description: 'How the runs ended.' })
  status?: TraceStatus[] | null;
}

@InputType({ description: 'One run of an agent.' })
export class TraceInput {
  @Field(() => String, {
    description:
      'The sender’s own id: 1 to 64 of A-Z, a-z, 0-9, "_" and "-". Together with startedAt unique in the workspace for ever.',
  })
  externalId!: string;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  startedAt!: Date;

  @Field(() => Float, { description: 'How long it took, in milliseconds. 0 or more.' })
  durationMs!: number;

  @Field(() => TraceStatus, { description: 'How it ended.' })
  status!: TraceStatus;

  @Field(() => String, { description: 'The agent’s name, 1 to 200 characters.' })
  agent!: string;

  @Field(() => String, { description: 'What it did, 1 to 200 characters.' })
  operation!: string;

  @Field(() => String, { nullable: true, description: 'The model that it called. Null when it called none.' })
  model?: string | null;

  @Field(() => String, { nullable: true, description: 'The department that it worked for. Null when unknown.' })
  department?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as production. Null when unknown.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'The agent’s version. Null when unknown.' })
  version?: string | null;

  @Field(() => Int, { defaultValue: 0, description: 'Tokens that the model read.' })
  inputTokens!: number;

  @Field(() => Int, { defaultValue: 0, description: 'Tokens that the model wrote.' })
  outputTokens!: number;

  @Field(() => Float, { defaultValue: 0, description: 'What it cost, in US dollars.' })
  costUsd!: number;

  @Field(() => ID, { nullable: true, description: 'The flow that it belongs to. Null for none.' })
  flowId?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true, description: 'Anything else, at most 16 KB of JSON. Null is {}.' })
  attributes?: Record<string, unknown> | null;
}

@InputType({ description: 'Traces to store.' })
export class IngestTracesInput {
  @Field(() => [TraceInput], { description: 'At most 1,000.' })
  @Directive(`@maxItems(count: ${maxTraces})`)
  traces!: TraceInput[];
}
