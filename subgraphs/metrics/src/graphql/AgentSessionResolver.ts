import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { resolveRange } from '@tributary/contracts/values';
import type { Database } from '@tributary/data';
import { Allow, CursorScalar, requireAction, TimeRange, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { readSession, readSessions } from '../domain/agentSessions.js';
import { readTraces } from '../domain/traceList.js';
import { AgentSession, AgentSessionConnection, toAgentSession } from './AgentSession.js';
import { toTrace, Trace, TraceConnection } from './Trace.js';

@Resolver(() => AgentSession)
export class AgentSessionResolver {
  constructor(private readonly database: Database) {}

  @Query(() => AgentSessionConnection, {
    nullable: true,
    description: 'Sessions with a trace in a period, the last used first. Their totals are of the whole session.',
  })
  @Allow('metrics.read')
  async agentSessions(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('user', () => String, {
      nullable: true,
      description: 'For whom, as sent, whole; for those who may see it. Null: whoever.',
    })
    user: string | null,
    @Arg('search', () => String, { nullable: true, description: 'A part of sessionId, in any case. Null: any.' })
    search: string | null,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AgentSession>> {
    // Whoever may not see a user could find them out by asking for one after the other.
    if (user !== null && user !== undefined) requireAction(context, 'asset.readPersonal');
    const request = { ...resolveRange(range), user: user ?? null, search: search ?? null, first, after: after ?? null };
    return toConnection(await readSessions(this.database, context, request), (session) =>
      toAgentSession(session, context),
    );
  }

  @Query(() => AgentSession, {
    nullable: true,
    description: 'One session. Null when no trace of this workspace names it.',
  })
  @Allow('metrics.read')
  async agentSession(
    @Arg('sessionId', () => String, { description: 'As its sender calls it.' }) sessionId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<AgentSession | null> {
    const session = await readSession(this.database, context, sessionId);
    return session && toAgentSession(session, context);
  }

  @FieldResolver(() => TraceConnection, { nullable: true, description: 'Its traces, newest first.' })
  async traces(
    @Root() { sessionId, firstAt, lastAt }: AgentSession,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<Trace>> {
    const range = { from: firstAt, to: new Date(lastAt.getTime() + 1) };
    const request = { range, filter: { sessionId: [sessionId] }, first, after: after ?? null };
    return toConnection(await readTraces(this.database, context, request), (row) => toTrace(row, context));
  }
}
