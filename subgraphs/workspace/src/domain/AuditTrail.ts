import { CodedError } from '@tributary/contracts/errors';
import { decodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { AuditEntryRow } from '../storage/AuditEntryRow.js';

export type AuditRecord = AuditEntryRow;

/** Which entries; null or an absent part does not matter. Ids are public ones. */
export interface AuditSearch {
  readonly actorId?: string | null;
  readonly action?: readonly string[] | null;
  readonly entityType?: readonly string[] | null;
  readonly entityId?: string | null;
  readonly from?: Date | null;
  readonly to?: Date | null;
}

/** What was done in a workspace, by whom. */
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(context: RequestContext, request: PageRequest, search: AuditSearch = {}): Promise<Page<AuditEntryRow>> {
    const first = checkedFirst(request.first);
    const [after] = positionAfter('auditLog', request.after, 1) ?? [];
    const rows = await this.database.read(
      scopeOf(context),
      this.database.table(AuditEntryRow).select('workspace.listAuditEntries', (query) => {
        if (after !== undefined) query.andWhere('row.number < :after', { after: checkedNumber(after) });
        narrow(query, search);
        return query.orderBy('row.number', 'DESC').limit(first + 1);
      }),
    );
    return toPage('auditLog', request, rows, (entry) => [entry.number]);
  }
}

interface Conditions {
  andWhere(condition: string, parameters: Readonly<Record<string, unknown>>): unknown;
}

const actorKinds: Readonly<Record<string, AuditEntryRow['actorKind']>> = { user: 'user', key: 'apiKey' };

/** Adds what was asked for. Throws INVALID_INPUT for an id that is none. */
function narrow(query: Conditions, search: AuditSearch): void {
  if (search.actorId) {
    const { tag, uuid } = decodeId(search.actorId);
    query.andWhere('row.actorKind = :actorKind', { actorKind: actorKinds[tag] ?? '' });
    query.andWhere('row.actorId = :actorId', { actorId: uuid });
  }
  if (search.action) query.andWhere('row.action = any(:actions::text[])', { actions: search.action });
  if (search.entityType) query.andWhere('row.entityType = any(:types::text[])', { types: search.entityType });
  if (search.entityId) {
    decodeId(search.entityId);
    query.andWhere('row.entityId = :entityId', { entityId: search.entityId });
  }
  if (search.from) query.andWhere('row.at >= :from', { from: search.from });
  if (search.to) query.andWhere('row.at < :to', { to: search.to });
}

function checkedNumber(value: string | number | null): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
