import { heavy, Parameters, planOnce, sql } from '@tributary/data';
import type { Database, EntityTable, Statement } from '@tributary/data';
import { AlertRow } from './AlertRow.js';
import { facetColumns, selects } from './alertSelection.js';
import type { AlertFilter } from './alertSelection.js';

export interface AlertPosition {
  readonly lastSeenAt: Date;
  readonly id: string;
}

/** What alerts can be listed by. */
export const ownerColumns = { flow: 'flow_id', asset: 'asset_id' } as const;
export type AlertOwner = keyof typeof ownerColumns;

/** Alerts that the filter lets through, most recently seen first, behind `after`. */
export function listAlerts(
  table: EntityTable<AlertRow>,
  filter: AlertFilter,
  after: AlertPosition | null,
  limit: number,
): Statement<AlertRow> {
  const parameters = new Parameters();
  const where = selects(parameters, filter);
  const statement = table.sql(
    'alert.listAlerts',
    `select ${table.columnList} from alert where ${where} ${behind(parameters, after)}
     order by last_seen_at desc, id desc limit ${parameters.add(limit)}`,
    parameters.values,
  );
  // No index knows the middles of titles.
  return filter.words && filter.words.length > 0 ? heavy(statement) : statement;
}

export interface AlertFacetRecord {
  readonly facet: (typeof facetColumns)[number];
  readonly value: string;
  readonly count: number;
}

/** How many alerts there are of each value under all parts of the filter but the facet's own, the commonest first. */
export function countAlertFacets(filter: AlertFilter): Statement<AlertFacetRecord> {
  const parameters = new Parameters();
  const where = selects(parameters, { ...filter, status: null, severity: null });
  const counts = facetColumns.map((facet) => {
    const others = facetColumns
      .filter((other) => other !== facet && filter[other])
      .map((other) => ` and ${other} = any(${parameters.add(filter[other], 'text[]')})`);
    return `(select '${facet}' as facet, ${facet} as value, sum(found)::bigint as count from cube where true${others.join('')}
      group by ${facet} order by 3 desc, 2)`;
  });
  return heavy(
    sql(
      'alert.countFacets',
      `with cube as materialized (select status, severity, count(*) as found from alert where ${where} group by 1, 2)
       ${counts.join(' union all ')}`,
      parameters.values,
      (row) => ({
        facet: row['facet'] as AlertFacetRecord['facet'],
        value: row['value'] as string,
        count: Number(row['count']),
      }),
    ),
  );
}

export function countAlerts(filter: AlertFilter): Statement<number> {
  const parameters = new Parameters();
  const where = selects(parameters, filter);
  return heavy(
    sql('alert.countAlerts', `select count(*) as count from alert where ${where}`, parameters.values, (row) =>
      Number(row['count']),
    ),
  );
}

/** The same list for each of many flows or assets: `limit` alerts of each. */
export function listAlertsOf(
  table: EntityTable<AlertRow>,
  owner: AlertOwner,
  ownerIds: readonly string[],
  after: AlertPosition | null,
  limit: number,
): Statement<AlertRow> {
  const parameters = new Parameters();
  return planOnce(
    table.sql(
      'alert.listAlertsOf',
      `select found.* from unnest((select ${parameters.add(ownerIds)}::uuid[])) as wanted (owner_id)
     cross join lateral (
       select ${table.columnList} from alert
       where workspace_id = $1 and ${ownerColumns[owner]} = wanted.owner_id ${behind(parameters, after)}
       order by last_seen_at desc, id desc limit ${parameters.add(limit)}
     ) as found`,
      parameters.values,
    ),
  );
}

export function countAlertsOf(
  owner: AlertOwner,
  ownerIds: readonly string[],
): Statement<{ readonly ownerId: string; readonly count: number }> {
  const column = ownerColumns[owner];
  return sql(
    'alert.countAlertsOf',
    `select ${column} as owner_id, count(*) as count from alert where workspace_id = $1 and ${column} = any($2::uuid[]) group by 1`,
    [ownerIds],
    (row) => ({ ownerId: row['owner_id'] as string, count: Number(row['count']) }),
  );
}

export function alertsById(database: Database, ids: readonly string[]): Statement<AlertRow> {
  const table = database.table(AlertRow);
  return planOnce(
    table.sql(
      'alert.alertsById',
      `select ${table.columnList} from alert where workspace_id = $1 and id = any($2::uuid[])`,
      [ids],
    ),
  );
}

function behind(parameters: Parameters, after: AlertPosition | null): string {
  if (!after) return '';
  return `and (last_seen_at, id) < (${parameters.add(after.lastSeenAt)}::timestamptz, ${parameters.add(after.id)}::uuid)`;
}
