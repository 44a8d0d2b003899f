import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Database } from '@tributary/data';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { readTracesOfFlow } from '../domain/traceList.js';
import { TraceOrder } from './enums.js';
import { Flow } from './stubs.js';
import { toTrace, TraceConnection } from './Trace.js';
import type { Trace } from './Trace.js';

@Resolver(() => Flow)
export class FlowTracesResolver {
  constructor(private readonly database: Database) {}

  @FieldResolver(() => TraceConnection, {
    nullable: true,
    description: 'Agents’ runs for it, whenever they began. Null without the action metrics.read.',
  })
  @Allow('metrics.read')
  async traces(
    @Root() flow: Flow,
    @Arg('orderBy', () => TraceOrder, { defaultValue: 'STARTED_DESC', description: 'In which order.' })
    order: TraceOrder,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<Trace>> {
    const page = await readTracesOfFlow(this.database, context, flow.id, order, { first, after: after ?? null });
    return toConnection(page, (row) => toTrace(row, context));
  }
}
