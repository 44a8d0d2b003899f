import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest, Statement } from '@tributary/data';
import { eventPage, headCursor, readHead, readStreams } from '@tributary/events';
import { mostFigures } from '@tributary/contracts/commands';
import type { discoveryEndsCommand, flowFiguresCommand, InputOf, WindowFigure } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { flowStream } from '@tributary/contracts/events';
import { encodeId } from '@tributary/contracts/ids';
import type { EventPage, EventPageRequest, LoggedEvent } from '@tributary/events';
import type { DiscoveryFlowRow } from '../../storage/DiscoveryFlowRow.js';
import type { ShownMapping } from '../../storage/FieldMappingRow.js';
import { discoveryEnds, flowFigures } from '../../storage/flowFigureStatements.js';
import { countFlowFacets, countFlows, listFlows } from '../../storage/flowListStatements.js';
import type { FlowFacetRecord, FlowListFilter } from '../../storage/flowListStatements.js';
import type { ShownPhase } from '../../storage/FlowPhaseRow.js';
import {
  discoveriesOf,
  existingFlows,
  flowsById,
  mappingsOf,
  phasesOf,
  rejectedCountsOf,
  rejectedRowsOf,
} from '../../storage/flowStatements.js';
import type { ShownFlow } from '../../storage/FlowRow.js';
import type { RejectedRowRecord } from '../../storage/RejectedRowRecord.js';
import { pageOrders } from './flowOrders.js';
import type { FlowOrder } from './flowOrders.js';

export interface FlowPage {
  readonly page: Page<ShownFlow>;
  /** Where the stream of all flows stood in the page's own snapshot. */
  readonly streamCursor: string;
}

const rejectedList = 'rejectedRows';
/** How many values a facet names at most. */
const facetValues = 100;
const maxEnds = 1_000;

/** Reads flows and what belongs to them. What is asked for many flows of one request goes in one statement. */
export class FlowQueries {
  constructor(private readonly database: Database) {}

  /** Null when it is not in this workspace. */
  byId(context: RequestContext, uuid: string): Promise<ShownFlow | null> {
    return batchLoader<string, ShownFlow>(context, 'flow.byId', async (ids) => {
      const rows = await this.database.read(scopeOf(context), flowsById(this.database, ids));
      return new Map(rows.map((row) => [row.id, row]));
    }).load(uuid);
  }

  async page(
    context: RequestContext,
    filter: FlowListFilter,
    order: FlowOrder,
    request: PageRequest,
  ): Promise<FlowPage> {
    checkedFirst(request.first);
    const { workspaceId } = context.principal;
    const { list, valuesOf, read } = pageOrders[order];
    const position = positionAfter(list, request.after, 2);
    const after = position && read(position);
    const [rows, heads] = await this.database.readBatch(scopeOf(context), [
      listFlows(this.database, filter, order, after, request.first + 1),
      readHead('flows'),
    ]);
    return {
      page: toPage(list, request, rows, valuesOf),
      streamCursor: headCursor(workspaceId, 'flows', heads[0]),
    };
  }

  async count(context: RequestContext, filter: FlowListFilter): Promise<number> {
    const [count] = await this.database.read(scopeOf(context), countFlows(filter));
    return count ?? 0;
  }

  facets(context: RequestContext, filter: FlowListFilter): Promise<FlowFacetRecord[]> {
    return this.database.read(scopeOf(context), countFlowFacets(filter, facetValues));
  }

  async phases(context: RequestContext, flowId: string): Promise<ShownPhase[]> {
    return (await this.grouped(context, 'flow.phases', (ids) => phasesOf(this.database, ids)).load(flowId)) ?? [];
  }

  /** Null for flows that an outside runner drives. */
  async discovery(context: RequestContext, flowId: string): Promise<DiscoveryFlowRow | null> {
    const found = await this.grouped(context, 'flow.discovery', (ids) => discoveriesOf(this.database, ids)).load(
      flowId,
    );
    return found?.[0] ?? null;
  }

  async fieldMappings(context: RequestContext, flowId: string): Promise<ShownMapping[]> {
    return (await this.grouped(context, 'flow.mappings', (ids) => mappingsOf(this.database, ids)).load(flowId)) ?? [];
  }

  async rejectedRows(context: RequestContext, flowId: string, request: PageRequest): Promise<Page<RejectedRowRecord>> {
    checkedFirst(request.first);
    const position = positionAfter(rejectedList, request.after, 1);
    const after = Number(position?.[0] ?? 0);
    const loader = this.grouped(context, `flow.rejectedRows/${request.first}/${after}`, (ids) =>
      rejectedRowsOf(ids, after, request.first + 1),
    );
    return toPage(rejectedList, request, (await loader.load(flowId)) ?? [], (row) => [row.line]);
  }

  async rejectedCount(context: RequestContext, flowId: string): Promise<number> {
    const loader = batchLoader<string, number>(context, 'flow.rejectedCount', async (ids) => {
      const rows = await this.database.read(scopeOf(context), rejectedCountsOf(ids));
      return new Map(rows.map((row) => [row.flowId, row.count]));
    });
    return (await loader.load(flowId)) ?? 0;
  }

  /** A page of a flow's own log. Pages without a cursor are read for all flows of the request at once. */
  async events(context: RequestContext, flowId: string, request: EventPageRequest): Promise<EventPage> {
    const { workspaceId } = context.principal;
    const { statement, toPage: pageOf } = eventPage(workspaceId, flowStream(flowId), request);
    if (request.after !== null || request.before !== null)
      return pageOf(await this.database.read(scopeOf(context), statement));
    const backward = request.last !== null;
    const limit = (request.last ?? request.first ?? 50) + 1;
    const loader = batchLoader<string, LoggedEvent[]>(
      context,
      `flow.events/${backward ? 'last' : 'first'}/${limit}`,
      async (ids) => {
        const rows = await this.database.read(scopeOf(context), readStreams(ids.map(flowStream), limit, backward));
        const byStream = Map.groupBy(rows, (row) => row.stream);
        return new Map(ids.map((id) => [id, (byStream.get(flowStream(id)) ?? []).map((row) => row.event)]));
      },
    );
    return pageOf((await loader.load(flowId)) ?? []);
  }

  /** Those of the public ids that are flows of the workspace. */
  existing(context: RequestContext, uuids: readonly string[]): Promise<string[]> {
    return this.database.read(scopeOf(context), existingFlows(uuids));
  }

  /** A measure of flows at many moments; flows by public id. */
  async figures(context: RequestContext, question: InputOf<typeof flowFiguresCommand>): Promise<WindowFigure[]> {
    const { measure, groupBy } = question;
    if (
      (groupBy === 'SOURCE' && measure !== 'PERSONAL_DATA_FOUND') ||
      (groupBy !== null && groupBy !== 'SOURCE' && measure === 'PERSONAL_DATA_FOUND')
    )
      throw new CodedError('INVALID_INPUT', 'Flows are measured by flow or kind, discoveries by source.', {
        field: 'groupBy',
      });
    const found = await this.database.read(scopeOf(context), flowFigures(measure, groupBy, question, mostFigures + 1));
    if (found.length > mostFigures)
      throw new CodedError(
        'INVALID_INPUT',
        'These are more than 100,000 figures of flows. Take a shorter range, or group by kind.',
        {
          limit: mostFigures,
        },
      );
    return found.map((figure) =>
      groupBy === 'FLOW' && figure.key !== null ? { ...figure, key: encodeId('flow', figure.key) } : figure,
    );
  }

  /** When discoveries ended: milliseconds since 1970, ascending. */
  async discoveryEnds(context: RequestContext, { from, to }: InputOf<typeof discoveryEndsCommand>): Promise<number[]> {
    const ends = await this.database.read(scopeOf(context), discoveryEnds(from, to, maxEnds));
    return ends.reverse();
  }

  private grouped<Item extends { readonly flowId: string }>(
    context: RequestContext,
    name: string,
    statement: (ids: readonly string[]) => Statement<Item>,
  ): { load(key: string): Promise<Item[] | null> } {
    return batchLoader<string, Item[]>(context, name, async (ids) => {
      const rows = await this.database.read(scopeOf(context), statement(ids));
      return Map.groupBy(rows, (row) => row.flowId);
    });
  }
}
