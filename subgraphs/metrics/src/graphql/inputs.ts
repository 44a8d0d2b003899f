import { Directive, Field, Float, ID, InputType, Int } from 'type-graphql';
import { maxTraces } from '../domain/TraceIntake.js';
import { DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { TraceKind, TraceStatus } from './enums.js';

/** Of every field that answers with figures. */
export const maxAgeOptions = {
  nullable: true,
  description:
    'How old the answer may be, 0 to 86,400; 0: it is computed now. Null: 0 for `from` and `to`; with `last`, half a minute at most while traces come, and older rather than none.',
} as const;

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

  @Field(() => [String], { nullable: true, description: 'Who offers the models, as sent.' })
  provider?: string[] | null;

  @Field(() => [TraceKind], { nullable: true, description: 'What the traces are of.' })
  kind?: TraceKind[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of flows.' })
  flowId?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Sessions, as their senders call them.' })
  sessionId?: string[] | null;

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

  @Field(() => Int, {
    nullable: true,
    description: 'Of the input tokens those that the provider had read before, and charges less for. Null is 0.',
  })
  cachedInputTokens?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What it cost, in US dollars. Null: it is priced from its tokens, its model and its provider, by the workspace’s prices or the table that comes with the product.',
  })
  costUsd?: number | null;

  @Field(() => TraceKind, { nullable: true, description: 'What it is of. Null is OTHER.' })
  kind?: TraceKind | null;

  @Field(() => String, { nullable: true, description: 'Who offers the model, such as openai. Null when unknown.' })
  provider?: string | null;

  @Field(() => String, { nullable: true, description: 'The conversation that it belongs to. Null for none.' })
  sessionId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For whom it was. Personal data: shown masked unless ADMIN or OWNER. Null when unknown.',
  })
  userId?: string | null;

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
