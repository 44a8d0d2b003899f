import type { FlowStatus } from '@tributary/contracts/values';
import type { Database, Statement } from '@tributary/data';
import { heavy, Parameters, planOnce, sql } from '@tributary/data';
import { FlowRow, shownOfFlow } from './FlowRow.js';
import type { ShownFlow } from './FlowRow.js';

export interface FlowListFilter {
  readonly statuses: readonly FlowStatus[] | null;
  readonly kinds: readonly string[] | null;
  /** From this moment on. */
  readonly createdAfter: Date | null;
  /** Until just before this moment. */
  readonly createdBefore: Date | null;
}

/** The sort values of a flow in the list: newest first, the id decides between flows of one millisecond. */
export interface FlowPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** Flows behind `after`, newest first, at most `limit`. */
export function listFlows(
  database: Database,
  filter: FlowListFilter,
  after: FlowPosition | null,
  limit: number,
): Statement<ShownFlow> {
  const statement = database.table(FlowRow).selectOnly('flow.listFlows', shownOfFlow, (query) => {
    if (filter.statuses) query.andWhere('row.status = any(:statuses)', { statuses: filter.statuses });
    if (filter.kinds) query.andWhere('row.kind = any(:kinds)', { kinds: filter.kinds });
    if (filter.createdAfter) query.andWhere('row.createdAt >= :createdAfter', { createdAfter: filter.createdAfter });
    if (filter.createdBefore) query.andWhere('row.createdAt < :createdBefore', { createdBefore: filter.createdBefore });
    if (after)
      query.andWhere('(row.createdAt, row.id) < (:atCreated, :atId)', { atCreated: after.createdAt, atId: after.id });
    return query.orderBy('row.createdAt', 'DESC').addOrderBy('row.id', 'DESC').limit(limit);
  });
  const isOfAll = Object.values(filter).every((part) => part === null);
  return isOfAll ? planOnce(statement) : statement;
}

/** How many flows the filter lets through. */
export function countFlows(filter: FlowListFilter): Statement<number> {
  const parameters = new Parameters();
  const conditions = ['workspace_id = $1'];
  if (filter.statuses) conditions.push(`status = any(${parameters.add(filter.statuses)})`);
  if (filter.kinds) conditions.push(`kind = any(${parameters.add(filter.kinds)})`);
  if (filter.createdAfter) conditions.push(`created_at >= ${parameters.add(filter.createdAfter)}`);
  if (filter.createdBefore) conditions.push(`created_at < ${parameters.add(filter.createdBefore)}`);
  return heavy(
    sql(
      'flow.countFlows',
      `select count(*) as count from flow where ${conditions.join(' and ')}`,
      parameters.values,
      (row) => Number(row['count']),
    ),
  );
}
