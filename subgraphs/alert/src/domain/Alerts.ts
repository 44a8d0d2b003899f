import type { AlertSeverity, AlertStatus } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import { searchedWords } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { headCursor, readHead } from '@tributary/events';
import { AlertRow } from '../storage/AlertRow.js';
import type { AlertFilter } from '../storage/alertSelection.js';
import { HistoryRow } from '../storage/HistoryRow.js';
import { listHistory } from '../storage/historyStatements.js';
import {
  alertsById,
  countAlertFacets,
  countAlerts,
  countAlertsOf,
  listAlerts,
  listAlertsOf,
} from '../storage/alertStatements.js';
import type { AlertFacetRecord, AlertOwner, AlertPosition } from '../storage/alertStatements.js';
import { filterIds } from './filterIds.js';
import { severitiesFrom } from './severity.js';

/** As a client gives it, ids in their public form. */
export interface AlertQuery {
  readonly status?: readonly AlertStatus[] | null;
  readonly minSeverity?: AlertSeverity | null;
  readonly ruleId?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
  readonly assetId?: readonly string[] | null;
  readonly search?: string | null;
  readonly seenAfter?: Date | null;
  readonly seenBefore?: Date | null;
}

export interface AlertPage extends Page<AlertRow> {
  /** Where stream `alerts` stood when the page was read; null when it was not asked for. */
  readonly streamCursor: string | null;
  count(): Promise<number>;
}

const listName = 'alert';
const historyName = 'alertHistory';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The alerts of a workspace, for people. */
export class Alerts {
  constructor(private readonly database: Database) {}

  /** The alert with this public id; null when this workspace has none. Throws INVALID_INPUT when it is no id at all. */
  async find(context: RequestContext, id: string): Promise<AlertRow | null> {
    const wanted = uuidOf('alert', id);
    return wanted === null ? null : this.load(context, wanted);
  }

  /** By bare uuid. */
  load(context: RequestContext, wanted: string): Promise<AlertRow | null> {
    const loader = batchLoader<string, AlertRow>(context, 'alert.alert', async (ids) => {
      const scope = scopeOf(context);
      const rows = await this.database.read(scope, alertsById(this.database, ids));
      return new Map(rows.map((row) => [row.id, row]));
    });
    return loader.load(wanted);
  }

  /** Most recently seen first. */
  async list(
    context: RequestContext,
    query: AlertQuery,
    request: PageRequest,
    withStreamCursor: boolean,
  ): Promise<AlertPage> {
    const scope = scopeOf(context);
    const filter = toFilter(query);
    const limit = checkedFirst(request.first) + 1;
    const list = listAlerts(this.table, filter, readPosition(request.after), limit);
    const [rows, heads] = withStreamCursor
      ? await this.database.readBatch(scope, [list, readHead('alerts')])
      : [await this.database.read(scope, list), null];
    return {
      ...toPage(listName, request, rows, sortValues),
      streamCursor: heads && headCursor(scope.workspaceId, 'alerts', heads[0]),
      count: async () => (await this.database.read(scope, countAlerts(filter)))[0] ?? 0,
    };
  }

  /** Throws INVALID_INPUT for a search that is too long. */
  facets(context: RequestContext, query: AlertQuery): Promise<AlertFacetRecord[]> {
    return this.database.read(scopeOf(context), countAlertFacets(toFilter(query)));
  }

  /** The alerts of one flow or asset (bare uuid): one statement for all flows, or assets, of a request. */
  async listOf(
    context: RequestContext,
    owner: AlertOwner,
    ownerId: string,
    request: PageRequest,
    withStreamCursor: boolean,
  ): Promise<AlertPage> {
    const scope = scopeOf(context);
    const limit = checkedFirst(request.first) + 1;
    const after = readPosition(request.after);
    type Found = { readonly rows: AlertRow[]; readonly streamCursor: string | null };
    const name = `alert.of:${owner}:${limit}:${request.after ?? ''}:${withStreamCursor}`;
    const loader = batchLoader<string, Found>(context, name, async (ownerIds) => {
      const list = listAlertsOf(this.table, owner, ownerIds, after, limit);
      const [rows, heads] = withStreamCursor
        ? await this.database.readBatch(scope, [list, readHead('alerts')])
        : [await this.database.read(scope, list), null];
      const streamCursor = heads && headCursor(scope.workspaceId, 'alerts', heads[0]);
      const found = new Map<string, Found>(ownerIds.map((id) => [id, { rows: [], streamCursor }]));
      for (const row of rows) found.get((owner === 'flow' ? row.flowId : row.assetId)!)?.rows.push(row);
      return found;
    });
    const found = await loader.load(ownerId);
    return {
      ...toPage(listName, request, found?.rows ?? [], sortValues),
      streamCursor: found?.streamCursor ?? null,
      count: () => this.countOf(context, owner, ownerId),
    };
  }

  private async countOf(context: RequestContext, owner: AlertOwner, ownerId: string): Promise<number> {
    const loader = batchLoader<string, number>(context, `alert.countOf:${owner}`, async (ownerIds) => {
      const scope = scopeOf(context);
      const counts = await this.database.read(scope, countAlertsOf(owner, ownerIds));
      return new Map(counts.map((found) => [found.ownerId, found.count]));
    });
    return (await loader.load(ownerId)) ?? 0;
  }

  /** What happened to an alert (bare uuid), oldest first: one statement for all alerts of a request. */
  async historyOf(context: RequestContext, alertId: string, request: PageRequest): Promise<Page<HistoryRow>> {
    const scope = scopeOf(context);
    const limit = checkedFirst(request.first) + 1;
    const after = readNumber(request.after);
    const name = `alert.historyOf:${limit}:${request.after ?? ''}`;
    const loader = batchLoader<string, HistoryRow[]>(context, name, async (alertIds) => {
      const table = this.database.table(HistoryRow);
      const rows = await this.database.read(scope, listHistory(table, alertIds, after, limit));
      return Map.groupBy(rows, (row) => row.alertId);
    });
    const rows = (await loader.load(alertId)) ?? [];
    return toPage(historyName, request, rows, (entry) => [entry.number]);
  }

  /** One of them, by its number. */
  async historyEntry(context: RequestContext, alertId: string, number: number): Promise<HistoryRow> {
    const table = this.database.table(HistoryRow);
    const [entry] = await this.database.read(scopeOf(context), listHistory(table, [alertId], number - 1, 1));
    if (!entry) throw new Error('What was just said of an alert is not in its history.');
    return entry;
  }

  private get table() {
    return this.database.table(AlertRow);
  }
}

function toFilter(query: AlertQuery): AlertFilter {
  return {
    status: query.status,
    severity: query.minSeverity ? severitiesFrom(query.minSeverity) : null,
    ruleId: filterIds('rule', query.ruleId),
    flowId: filterIds('flow', query.flowId),
    assetId: filterIds('asset', query.assetId),
    words: searchedWords(query.search ?? ''),
    seenAfter: query.seenAfter ?? null,
    seenBefore: query.seenBefore ?? null,
  };
}

function sortValues(alert: AlertRow): [number, string] {
  return [alert.lastSeenAt.getTime(), alert.id];
}

function readPosition(after: string | null): AlertPosition | null {
  const position = positionAfter(listName, after, 2);
  if (!position) return null;
  const [lastSeenAt, id] = position;
  if (!isMoment(lastSeenAt) || typeof id !== 'string' || !uuid.test(id)) {
    throw foreignCursor();
  }
  return { lastSeenAt: new Date(lastSeenAt), id };
}

function readNumber(after: string | null): number {
  const [number] = positionAfter(historyName, after, 1) ?? [0];
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 31) return number;
  throw foreignCursor();
}

function foreignCursor(): CodedError {
  return new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}

/** What a Date and PostgreSQL can both hold: the text of a cursor may have been made up. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15;
}
