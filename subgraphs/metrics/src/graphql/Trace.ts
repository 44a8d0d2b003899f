import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { mayDo } from '@tributary/contracts/actions';
import { encodeId } from '@tributary/contracts/ids';
import { maskPersonalData } from '@tributary/kernel';
import { connectionType, DateTimeScalar, JsonObjectScalar, MaskedWithout, Node } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { TraceRow } from '../domain/traceList.js';
import { CostSource, TraceKind, TraceStatus } from './enums.js';

@ObjectType({ implements: Node, description: 'One run of an agent: when, how long, how it ended and what it cost.' })
@Directive('@key(fields: "id")')
export class Trace extends Node {
  @Field(() => String, { description: 'The sender’s id; with startedAt unique in its workspace.' })
  externalId!: string;

  @Field(() => ID, { nullable: true, description: 'The flow, as sent, even when it is not known here. Null for none.' })
  flowId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  startedAt!: Date;

  @Field(() => Float, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;

  @Field(() => TraceStatus, { description: 'How it ended.' })
  status!: TraceStatus;

  @Field(() => String, { description: 'The agent’s name.' })
  agent!: string;

  @Field(() => String, { description: 'What it did.' })
  operation!: string;

  @Field(() => String, { nullable: true, description: 'The model that it called. Null when it called none.' })
  model!: string | null;

  @Field(() => String, { nullable: true, description: 'The department that it worked for. Null when unknown.' })
  department!: string | null;

  @Field(() => String, { nullable: true, description: 'Such as production. Null when unknown.' })
  environment!: string | null;

  @Field(() => String, { nullable: true, description: 'The agent’s version. Null when unknown.' })
  version!: string | null;

  @Field(() => Int, { description: 'Tokens that the model read.' })
  inputTokens!: number;

  @Field(() => Int, { description: 'Tokens that the model wrote.' })
  outputTokens!: number;

  @Field(() => Int, {
    description: 'Of the input tokens those that the provider had read before. 0 when the sender did not say.',
  })
  cachedInputTokens!: number;

  @Field(() => Float, { description: 'What it cost, in US dollars. See costSource: 0 may stand for an unknown price.' })
  costUsd!: number;

  @Field(() => CostSource, { description: 'Where the cost is from.' })
  costSource!: CostSource;

  @Field(() => TraceKind, { description: 'What it is of: a whole run, one call of a model, one use of a tool.' })
  kind!: TraceKind;

  @Field(() => String, { nullable: true, description: 'Who offers the model, as sent. Null when unknown.' })
  provider!: string | null;

  @Field(() => String, { nullable: true, description: 'The conversation that it belongs to. Null for none.' })
  sessionId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For whom it was, as sent: masked unless ADMIN or OWNER. Null when unknown.',
  })
  @MaskedWithout('asset.readPersonal')
  user!: string | null;

  readonly runId!: string | null;
  readonly parentExternalId!: string | null;

  @Field(() => JsonObjectScalar, {
    description: 'Anything else that the sender said. Personal data in it is masked unless ADMIN or OWNER.',
  })
  @MaskedWithout('asset.readPersonal')
  attributes!: Record<string, unknown>;
}

/** A name that is not for everybody, whatever it looks like. */
export const hiddenUser = '***';

export const TraceConnection = connectionType(() => Trace, 'Trace');

export function toTrace(row: TraceRow, { principal }: GraphqlContext): Trace {
  return Object.assign(new Trace(), {
    id: encodeId('trace', row.id),
    externalId: row.externalId,
    flowId: row.flowId,
    startedAt: row.startedAt,
    durationMs: row.durationMs,
    status: row.status,
    agent: row.agent,
    operation: row.operation,
    model: row.model,
    department: row.department,
    environment: row.environment,
    version: row.version,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    cachedInputTokens: row.cachedInputTokens,
    costUsd: row.costUsd,
    costSource: row.costSource,
    kind: row.kind,
    provider: row.provider,
    sessionId: row.sessionId,
    user: mayDo(principal, 'asset.readPersonal') ? row.userId : row.userId && hiddenUser,
    runId: row.runId,
    parentExternalId: row.parentExternalId,
    attributes: mayDo(principal, 'asset.readPersonal') ? row.attributes : maskPersonalData(row.attributes),
  });
}
