import type { AlertSeverity, AlertStatus } from '@tributary/contracts/values';
import type { AuditAction } from '@tributary/contracts/audit';
import type { AlertEventType } from '@tributary/contracts/events';
import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { headCursor, readHead } from '@tributary/events';
import { AlertRow } from '../storage/AlertRow.js';
import type { AlertFilter } from '../storage/alertSelection.js';
import { alertsById, countAlerts, countAlertsOf, listAlerts, listAlertsOf } from '../storage/alertStatements.js';
import type { AlertOwner, AlertPosition } from '../storage/alertStatements.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { filterIds } from './filterIds.js';
import { severitiesFrom } from './severity.js';

/** As a client gives it, ids in their public form. */
export interface AlertQuery {
  readonly status?: readonly AlertStatus[] | null;
  readonly minSeverity?: AlertSeverity | null;
  readonly ruleId?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
  readonly assetId?: readonly string[] | null;
}

export interface AlertPage extends Page<AlertRow> {
  /** Where stream `alerts` stood when the page was read; null when it was not asked for. */
  readonly streamCursor: string | null;
  count(): Promise<number>;
}

export interface AlertChange {
  /** Public id. */
  readonly id: string;
  readonly comment?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

const listName = 'alert';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const longestComment = 2_000;

/** The alerts of a workspace, for people. */
export class Alerts {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
  ) {}

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

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for an alert that is acknowledged or resolved already. */
  acknowledge(context: RequestContext, input: AlertChange): Promise<AlertRow> {
    return this.change(context, 'acknowledgeAlert', input, async (alert, trigger, update) => {
      if (alert.status === 'ACKNOWLEDGED')
        throw conflict('ALREADY_ACKNOWLEDGED', 'This alert is acknowledged already.');
      if (alert.status === 'RESOLVED')
        throw conflict('ALREADY_RESOLVED', 'This alert is resolved: there is nothing to acknowledge.');
      const { actor } = trigger;
      const changed = await update({
        status: 'ACKNOWLEDGED',
        acknowledgedByKind: actor.kind,
        acknowledgedById: actor.kind === 'system' ? actor.part : actor.id,
        acknowledgedAt: trigger.at,
      });
      return { changed, type: 'alert.acknowledged', action: 'alert.acknowledge', facts: {} };
    });
  }

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for an alert that is resolved already. */
  resolve(context: RequestContext, input: AlertChange): Promise<AlertRow> {
    return this.change(context, 'resolveAlert', input, async (alert, trigger, update) => {
      if (alert.status === 'RESOLVED') throw conflict('ALREADY_RESOLVED', 'This alert is resolved already.');
      const changed = await update({ status: 'RESOLVED', resolvedAt: trigger.at });
      return { changed, type: 'alert.resolved', action: 'alert.resolve', facts: { reason: 'RESOLVED_BY_PERSON' } };
    });
  }

  private change(
    context: RequestContext,
    field: string,
    input: AlertChange,
    decide: (
      alert: AlertRow,
      trigger: Trigger,
      update: (patch: Partial<AlertRow>) => Promise<AlertRow>,
    ) => Promise<{
      readonly changed: AlertRow;
      readonly type: AlertEventType;
      readonly action: AuditAction;
      readonly facts: Readonly<Record<string, unknown>>;
    }>,
  ): Promise<AlertRow> {
    const comment = checkedComment(input.comment);
    const trigger: Trigger = { actor: context.principal.actor, requestId: context.requestId, at: new Date() };
    return mutate(this.database, context, { field, input }, async (transaction) => {
      const repository = transaction.repository(AlertRow);
      const id = uuidOf('alert', input.id);
      const alert = id === null ? null : await repository.findById('alert.lockAlert', id, { lock: true });
      if (!alert) throw new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such alert.', { field: 'id' });
      const said = comment === null ? {} : { comment };
      const { changed, type, action, facts } = await decide(alert, trigger, async (patch) => {
        const row = await repository.update('alert.changeAlert', alert.id, { ...patch, ...said });
        return row!;
      });
      this.transitions.announce(transaction, type, [changed], facts);
      const after = { status: changed.status, ...said };
      this.transitions.record(transaction, trigger, action, changed, { status: alert.status }, after);
      return changed;
    });
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
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  }
  return { lastSeenAt: new Date(lastSeenAt), id };
}

function checkedComment(comment: string | null | undefined): string | null {
  if (comment === null || comment === undefined) return null;
  if (comment.length > longestComment || comment.includes('\0')) {
    throw new CodedError('INVALID_INPUT', 'A comment has 2,000 characters at most, none of them NUL.', {
      field: 'comment',
    });
  }
  return comment;
}

function conflict(reason: string, message: string): CodedError {
  return new CodedError('RESOURCE_CONFLICT', message, { reason });
}

/** What a Date and PostgreSQL can both hold: the text of a cursor may have been made up. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15;
}
