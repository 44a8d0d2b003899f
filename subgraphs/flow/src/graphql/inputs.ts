import { Directive, Field, Float, ID, InputType } from 'type-graphql';
import { maxMappings } from '../domain/discovery/ApproveFieldMappings.js';
import { DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { DiscoveryCoverage, FlowPhaseStatus, FlowStatus, SourceFormat } from './enums.js';

export const idempotency = {
  nullable: true,
  description:
    'Makes sending again safe for 24 hours: the same key with the same input does nothing twice. 1 to 200 characters.',
} as const;

@InputType({ description: 'Which flows to list. Absent or null: not filtered by that.' })
export class FlowFilter {
  @Field(() => [FlowStatus], { nullable: true, description: 'Any of these.' })
  status?: FlowStatus[] | null;

  @Field(() => [String], { nullable: true, description: 'Any of these.' })
  kind?: string[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Created at this moment or later.' })
  createdAfter?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Created before this moment.' })
  createdBefore?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'With each of these words somewhere in the name, in any letter case. At most 10 words and 200 characters.',
  })
  search?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Asked for by any of these users and API keys; at most 100. Needs member.read.',
  })
  createdBy?: string[] | null;
}

@InputType({ description: 'Which flows to watch. Absent or null: not filtered by that.' })
export class FlowUpdatesFilter {
  @Field(() => [String], { nullable: true, description: 'Any of these.' })
  kind?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Any of these.' })
  flowId?: string[] | null;
}

@InputType({ description: 'What to discover from: exactly one of content and uploadId.' })
export class DiscoverySourceInput {
  @Field(() => String, {
    description: 'Name of the source, such as a file name: 1 to 255 characters. It may tell what the rows are.',
  })
  name!: string;

  @Field(() => SourceFormat, { defaultValue: SourceFormat.AUTO, description: 'How it is written.' })
  format!: SourceFormat;

  @Field(() => DiscoveryCoverage, {
    defaultValue: DiscoveryCoverage.PARTIAL,
    description:
      'Whether it shows all that it knows. Only with COMPLETE are assets missing that the same source showed before: of a filtered export say PARTIAL.',
  })
  coverage!: DiscoveryCoverage;

  @Field(() => String, {
    nullable: true,
    description: 'The source itself, if it is small: the limit is that of the request.',
  })
  content?: string | null;

  @Field(() => ID, { nullable: true, description: 'What POST /uploads answered.' })
  uploadId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What its text is encoded in, such as utf-8, windows-1252 or shift_jis. Null or absent: found out. A byte order mark wins.',
  })
  encoding?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The only sheet of a workbook to read, or the only file of an archive: at most 255 characters. Null or absent: every one, but no hidden sheets.',
  })
  sheet?: string | null;
}

@InputType({ description: 'A discovery to start.' })
export class StartDiscoveryInput {
  @Field(() => String, { description: 'What to call it: 1 to 200 characters.' })
  name!: string;

  @Field(() => DiscoverySourceInput, { description: 'What to discover from.' })
  source!: DiscoverySourceInput;

  @Field(() => Boolean, { defaultValue: false, description: 'Stop after field mapping until approveFieldMappings.' })
  requireApproval!: boolean;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'What a person decided for a column.' })
export class FieldMappingInput {
  @Field(() => String, { description: 'A column of the source.' })
  sourceField!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'A field of mappingTargets. Null or absent: the column is left out of the fields and kept in the attributes.',
  })
  targetField?: string | null;
}

@InputType({
  description:
    'Approval of a discovery’s field mappings. Columns that are not named are approved as they were suggested.',
})
export class ApproveFieldMappingsInput {
  @Field(() => ID, { description: 'A flow that awaits approval.' })
  flowId!: string;

  @Field(() => [FieldMappingInput], { description: 'Decisions, at most 10,000.' })
  @Directive(`@maxItems(count: ${maxMappings})`)
  mappings!: FieldMappingInput[];

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A flow to act on.' })
export class FlowActionInput {
  @Field(() => ID, { description: 'The flow.' })
  flowId!: string;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A flow that an outside runner will drive.' })
export class CreateFlowInput {
  @Field(() => String, { description: 'What kind of flow: 1 to 64 characters, not one of this product’s own.' })
  kind!: string;

  @Field(() => String, { description: 'What to call it: 1 to 200 characters.' })
  name!: string;

  @Field(() => [String], {
    description: 'Names of its phases in order: 1 to 100, all different, 1 to 100 characters each.',
  })
  phases!: string[];

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Why a phase failed.' })
export class FlowFailureInput {
  @Field(() => String, { description: 'A code that the runner’s people know.' })
  code!: string;

  @Field(() => String, { description: 'What went wrong and what to do, for a person.' })
  message!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether retryFlow may help.' })
  retryable!: boolean;
}

@InputType({ description: 'How a phase of an outside runner’s flow goes.' })
export class ReportFlowProgressInput {
  @Field(() => ID, { description: 'A flow that createFlow made.' })
  flowId!: string;

  @Field(() => String, { description: 'One of its phases.' })
  phase!: string;

  @Field(() => FlowPhaseStatus, { description: 'Where the phase stands.' })
  status!: FlowPhaseStatus;

  @Field(() => Float, { description: 'Of the phase, 0 to 1.' })
  progress!: number;

  @Field(() => String, { nullable: true, description: 'For people: at most 2,000 characters.' })
  message?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true, description: 'Counts and facts; added to the phase’s summary.' })
  data?: Record<string, unknown> | null;

  @Field(() => FlowFailureInput, { nullable: true, description: 'With status FAILED only.' })
  failure?: FlowFailureInput | null;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}
