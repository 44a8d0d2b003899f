import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { AuditEntryRow } from '../storage/AuditEntryRow.js';

export type AuditRecord = AuditEntryRow;

/** What was done in a workspace, by whom. */
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(context: RequestContext, request: PageRequest): Promise<Page<AuditEntryRow>> {
    const first = checkedFirst(request.first);
    const [after] = positionAfter('auditLog', request.after, 1) ?? [];
    const rows = await this.database.read(
      scopeOf(context),
      this.database.table(AuditEntryRow).select('workspace.listAuditEntries', (query) => {
        if (after !== undefined) query.andWhere('row.number < :after', { after: checkedNumber(after) });
        return query.orderBy('row.number', 'DESC').limit(first + 1);
      }),
    );
    return toPage('auditLog', request, rows, (entry) => [entry.number]);
  }
}

function checkedNumber(value: string | number | null): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
