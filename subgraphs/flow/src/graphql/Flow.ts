import { Directive, Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, JsonObjectScalar, Node } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { encodeId } from '@tributary/contracts/ids';
import type { ShownPhase, ShownFlow } from '../domain/flow/records.js';
import { FlowPhaseStatus, FlowStatus } from './enums.js';

@ObjectType({ description: 'Why a flow failed, and what can be done.' })
export class FlowFailure {
  @Field(() => String, { description: 'What kind of fault, such as HEADER_ONLY or RUNNER_LOST. Codes may be added.' })
  code!: string;

  @Field(() => String, { description: 'What went wrong and what to do, for a person.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the phase that failed. Null when no phase was under way.',
  })
  phase!: string | null;

  @Field(() => Boolean, { description: 'Whether retryFlow may help without a change to the source.' })
  retryable!: boolean;
}

@ObjectType({ description: 'A step of a flow.' })
export class FlowPhase {
  @Field(() => String, { description: 'Unique in its flow.' })
  name!: string;

  @Field(() => String, { description: 'What people read.' })
  title!: string;

  @Field(() => FlowPhaseStatus, { description: 'Where it stands.' })
  status!: FlowPhaseStatus;

  @Field(() => Float, { description: 'Of this phase, 0 to 1.' })
  progress!: number;

  @Field(() => Int, { description: 'How often it was taken up: 1 without an interruption.' })
  attempts!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first taken up. Null before that.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended. Null while it has not.' })
  finishedAt!: Date | null;

  @Field(() => JsonObjectScalar, { description: 'Counts that the phase wants to show.' })
  summary!: Record<string, unknown>;
}

@ObjectType('Flow', {
  implements: Node,
  description: 'A run of software agents in phases, ours or an outside runner’s.',
})
@Directive('@key(fields: "id")')
export class Flow extends Node {
  /** On whose behalf the fields below are read, and what their loaders hang on: an event of a subscription has one of its own. */
  context!: GraphqlContext;
  record!: ShownFlow;

  @Field(() => String, { description: '"discovery", or the kind that an outside runner gave.' })
  kind!: string;

  @Field(() => String, { description: 'What whoever started it called it.' })
  name!: string;

  @Field(() => FlowStatus, { description: 'Where it stands.' })
  status!: FlowStatus;

  @Field(() => Float, { description: 'Of the whole flow, 0 to 1. Never goes back.' })
  progress!: number;

  @Field(() => FlowFailure, { nullable: true, description: 'Why it failed. Null unless its status is FAILED.' })
  failure!: FlowFailure | null;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its first phase began. Null before that.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended, however it did. Null while it has not.' })
  finishedAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When something of it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts up with each change.' })
  version!: number;
}

/** A flow's row as its node, read on behalf of `context`. */
export function toFlow(record: ShownFlow, context: GraphqlContext): Flow {
  const { kind, name, progress, createdAt, startedAt, finishedAt, updatedAt, version } = record;
  return Object.assign(new Flow(), {
    id: encodeId('flow', record.id),
    context,
    record,
    kind,
    name,
    progress,
    createdAt,
    startedAt,
    finishedAt,
    updatedAt,
    version,
    status: record.status,
    failure:
      record.failureCode === null
        ? null
        : {
            code: record.failureCode,
            message: record.failureMessage ?? '',
            phase: record.failurePhase,
            retryable: record.failureRetryable ?? false,
          },
  });
}

export function toFlowPhase(record: ShownPhase): FlowPhase {
  const { name, title, progress, attempts, startedAt, finishedAt, summary } = record;
  return Object.assign(new FlowPhase(), {
    name,
    title,
    progress,
    attempts,
    startedAt,
    finishedAt,
    summary,
    status: record.status,
  });
}
