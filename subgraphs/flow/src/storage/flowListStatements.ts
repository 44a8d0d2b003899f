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
  /** Parts of the name; all of them, in any letter case. */
  readonly words: readonly string[];
  /** Bare uuids of users and API keys. */
  readonly creatorIds: readonly string[] | null;
}

/** The sort values of a flow in the list, of the order that it is read in; the id decides between equal ones. */
export type FlowPosition =
  { readonly createdAt: Date; readonly id: string } | { readonly name: string; readonly id: string };

export type FlowListOrder = 'CREATED_DESC' | 'CREATED_ASC' | 'NAME_ASC' | 'NAME_DESC';

/** Flows behind `after` in that order, at most `limit`. */
export function listFlows(
  database: Database,
  filter: FlowListFilter,
  order: FlowListOrder,
  after: FlowPosition | null,
  limit: number,
): Statement<ShownFlow> {
  const [direction, behind] = order.endsWith('_DESC') ? (['DESC', '<'] as const) : (['ASC', '>'] as const);
  const statement = database.table(FlowRow).selectOnly('flow.listFlows', shownOfFlow, (query) => {
    if (filter.statuses) query.andWhere('row.status = any(:statuses)', { statuses: filter.statuses });
    if (filter.kinds) query.andWhere('row.kind = any(:kinds)', { kinds: filter.kinds });
    if (filter.createdAfter) query.andWhere('row.createdAt >= :createdAfter', { createdAfter: filter.createdAfter });
    if (filter.createdBefore) query.andWhere('row.createdAt < :createdBefore', { createdBefore: filter.createdBefore });
    if (filter.creatorIds) query.andWhere('row.createdById = any(:creators)', { creators: filter.creatorIds });
    for (const [index, word] of filter.words.entries())
      query.andWhere(`strpos(row.nameKey, lower(:word${index})) > 0`, { [`word${index}`]: word });
    if (after && 'createdAt' in after)
      query.andWhere(`(row.createdAt, row.id) ${behind} (:atCreated, :atId)`, {
        atCreated: after.createdAt,
        atId: after.id,
      });
    if (after && 'name' in after)
      query.andWhere(`(row.nameKey, row.id) ${behind} (:atName, :atId)`, {
        atName: after.name,
        atId: after.id,
      });
    return query
      .orderBy(order.startsWith('NAME') ? 'row.nameKey' : 'row.createdAt', direction)
      .addOrderBy('row.id', direction)
      .limit(limit);
  });
  // No index knows the middles of names.
  if (filter.words.length > 0) return heavy(statement);
  const isOfAll = Object.values(filter).every((part) => part === null || part === filter.words);
  return isOfAll ? planOnce(statement) : statement;
}

/** How many flows the filter lets through. */
export function countFlows(filter: FlowListFilter): Statement<number> {
  const parameters = new Parameters();
  const where = [...whereOthers(filter, parameters), ...whereFacets(filter, parameters)].join(' and ');
  return heavy(
    sql('flow.countFlows', `select count(*) as count from flow where ${where}`, parameters.values, (row) =>
      Number(row['count']),
    ),
  );
}

export interface FlowFacetRecord {
  readonly facet: 'status' | 'kind';
  readonly value: string;
  readonly count: number;
}

/** Counts of the commonest values of each facet under all parts of the filter but the facet's own, commonest first. */
export function countFlowFacets(filter: FlowListFilter, most: number): Statement<FlowFacetRecord> {
  const parameters = new Parameters();
  const others = whereOthers(filter, parameters).join(' and ');
  const byStatus = whereFacets({ statuses: null, kinds: filter.kinds }, parameters);
  const byKind = whereFacets({ statuses: filter.statuses, kinds: null }, parameters);
  const limit = parameters.add(most, 'int');
  const counts = (facet: string, conditions: readonly string[]) =>
    `(select '${facet}' as facet, ${facet} as value, sum(found)::bigint as count from cube
      where ${['true', ...conditions].join(' and ')} group by ${facet} order by 3 desc, 2 limit ${limit})`;
  return heavy(
    sql(
      'flow.countFacets',
      `with cube as materialized (select status, kind, count(*) as found from flow where ${others} group by 1, 2)
       ${counts('status', byStatus)} union all ${counts('kind', byKind)}`,
      parameters.values,
      (row) => ({
        facet: row['facet'] as FlowFacetRecord['facet'],
        value: row['value'] as string,
        count: Number(row['count']),
      }),
    ),
  );
}

function whereFacets(
  { statuses, kinds }: Pick<FlowListFilter, 'statuses' | 'kinds'>,
  parameters: Parameters,
): string[] {
  return [
    ...(statuses ? [`status = any(${parameters.add(statuses)})`] : []),
    ...(kinds ? [`kind = any(${parameters.add(kinds)})`] : []),
  ];
}

function whereOthers(filter: FlowListFilter, parameters: Parameters): string[] {
  const { createdAfter, createdBefore, creatorIds, words } = filter;
  return [
    'workspace_id = $1',
    ...(createdAfter ? [`created_at >= ${parameters.add(createdAfter)}`] : []),
    ...(createdBefore ? [`created_at < ${parameters.add(createdBefore)}`] : []),
    ...(creatorIds ? [`created_by_id = any(${parameters.add(creatorIds, 'text[]')})`] : []),
    ...words.map((word) => `strpos(name_key, lower(${parameters.add(word, 'text')})) > 0`),
  ];
}
