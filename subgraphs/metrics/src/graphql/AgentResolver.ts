import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { resolveRange } from '@tributary/contracts/values';
import type { Database } from '@tributary/data';
import { Allow, CursorScalar, TimeRange, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { maxAgeMsOf } from '../domain/answerAge.js';
import type { CachedFigures } from '../domain/CachedFigures.js';
import { readAgents, readDepartments } from '../domain/knownNames.js';
import { Agent, AgentConnection, Department, toAgent, toDepartment } from './Agent.js';
import { Kpis } from './figureTypes.js';
import { maxAgeOptions } from './inputs.js';

@Resolver(() => Agent)
export class AgentResolver {
  constructor(
    private readonly database: Database,
    private readonly figures: CachedFigures,
  ) {}

  @Query(() => AgentConnection, { nullable: true, description: 'The agents with a run in a period, by name.' })
  @Allow('metrics.read')
  async agents(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<Agent>> {
    const request = { range: resolveRange(range), first, after: after ?? null };
    return toConnection(await readAgents(this.database, context, request), toAgent);
  }

  @Query(() => [Department], {
    nullable: true,
    description: 'The departments that agents worked for in a period, by name, at most 100.',
  })
  @Allow('metrics.read')
  async departments(
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Ctx() context: GraphqlContext,
  ): Promise<Department[]> {
    return (await readDepartments(this.database, context, resolveRange(range))).map(toDepartment);
  }

  @FieldResolver(() => Kpis, { nullable: true, description: 'Its key figures in a period.' })
  async kpis(
    @Root() { name }: Agent,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Arg('maxAgeSeconds', () => Int, maxAgeOptions) maxAgeSeconds: number | null,
    @Ctx() context: GraphqlContext,
  ): Promise<Kpis> {
    return this.figures.kpis(context, {
      range: resolveRange(range),
      filter: { agent: [name] },
      exact: false,
      maxAgeMs: maxAgeMsOf(range, maxAgeSeconds),
    });
  }
}
