import { Field, Float, ObjectType } from 'type-graphql';
import { mayDo } from '@tributary/contracts/actions';
import { connectionType, DateTimeScalar, MaskedWithout } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { SessionTotals } from '../domain/agentSessions.js';
import { hiddenUser } from './Trace.js';

@ObjectType({ description: 'A conversation with agents: all traces that name it, whenever they were.' })
export class AgentSession {
  @Field(() => String, { description: 'As its sender calls it, unique in its workspace.' })
  sessionId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'For whom it was, as sent: masked unless ADMIN or OWNER. Null when unknown.',
  })
  @MaskedWithout('asset.readPersonal')
  user!: string | null;

  @Field(() => DateTimeScalar, { description: 'When its first trace began.' })
  firstAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its last trace began.' })
  lastAt!: Date;

  @Field(() => Float, { description: 'Number of traces.' })
  requests!: number;

  @Field(() => Float, { description: 'Number of traces that ended in an error or a timeout.' })
  errors!: number;

  @Field(() => Float, { description: 'Cost, in US dollars.' })
  costUsd!: number;

  @Field(() => Float, { description: 'Number of traces whose price was not known: they are in costUsd with 0.' })
  unpricedRequests!: number;

  @Field(() => Float, { description: 'Tokens that models read.' })
  inputTokens!: number;

  @Field(() => Float, { description: 'Tokens that models wrote.' })
  outputTokens!: number;
}

export const AgentSessionConnection = connectionType(() => AgentSession, 'AgentSession');

export function toAgentSession(session: SessionTotals, { principal }: GraphqlContext): AgentSession {
  const { userId, ...facts } = session;
  const user = mayDo(principal, 'asset.readPersonal') ? userId : userId && hiddenUser;
  return Object.assign(new AgentSession(), facts, { user });
}
