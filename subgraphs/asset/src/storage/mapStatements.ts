import { heavy, Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { whereAssets } from './assetCriteria.js';
import type { AssetCriteria } from './assetCriteria.js';
import { recordTables } from './assetRecord.js';
import { planSearch } from './searchPlan.js';

/** Columns that the assets of a workspace can be put together by. */
export type MapColumn = 'kind' | 'status' | 'environment' | 'department' | 'criticality';

export interface GroupRecord {
  /** A value of each column; null where nobody said. */
  readonly key: readonly (string | null)[];
  readonly count: number;
}

/** The groups of most assets first, at most `most`. */
export function countGroups(
  columns: readonly MapColumn[],
  criteria: AssetCriteria,
  most: number,
): Statement<GroupRecord> {
  const parameters = new Parameters();
  const limit = parameters.add(most, 'int');
  const wanted = wantedAssets(columns, criteria, parameters);
  return heavy(
    sql(
      'asset.mapGroups',
      `${wanted} select ${keyOf(columns)} as key, count(*) as count from wanted group by ${columns.join(', ')}
       order by 2 desc, 1 limit ${limit}`,
      parameters.values,
      (row) => ({ key: row['key'] as (string | null)[], count: row['count'] as number }),
    ),
  );
}

export interface LinkRecord {
  readonly from: readonly (string | null)[];
  readonly to: readonly (string | null)[];
  readonly count: number;
}

/** How many dependencies lead from group to group, most first, at most `mostLinks`. Nothing where there are more than `mostEdges` in all. */
export function countLinks(
  columns: readonly MapColumn[],
  criteria: AssetCriteria,
  mostEdges: number,
  mostLinks: number,
): Statement<LinkRecord> {
  const parameters = new Parameters();
  const [edges, links] = [parameters.add(mostEdges, 'int'), parameters.add(mostLinks, 'int')];
  const wanted = wantedAssets(columns, criteria, parameters);
  const grouped = (side: string) => columns.map((column) => `${side}.${column}`).join(', ');
  return heavy(
    sql(
      'asset.mapLinks',
      `${wanted}, edge as materialized (
         select d.from_id, d.to_id from asset_dependency d where d.workspace_id = $1 limit ${edges} + 1
       )
       select ${keyOf(columns, 'one')} as from_key, ${keyOf(columns, 'other')} as to_key, count(*) as count
       from edge join wanted one on one.id = edge.from_id join wanted other on other.id = edge.to_id
       where (select count(*) from edge) <= ${edges}
       group by ${grouped('one')}, ${grouped('other')} order by 3 desc, 1, 2 limit ${links}`,
      parameters.values,
      (row) => ({
        from: row['from_key'] as (string | null)[],
        to: row['to_key'] as (string | null)[],
        count: row['count'] as number,
      }),
    ),
  );
}

/** One row; false when the workspace has more dependencies than a map counts. */
export function hasFewEdges(mostEdges: number): Statement<boolean> {
  return heavy(
    sql(
      'asset.mapHasFewEdges',
      `select count(*) <= $2::int as few from (select from asset_dependency where workspace_id = $1 limit $2::int + 1) edge`,
      [mostEdges],
      (row) => row['few'] as boolean,
    ),
  );
}

function wantedAssets(columns: readonly MapColumn[], criteria: AssetCriteria, parameters: Parameters): string {
  const search = planSearch(criteria, parameters);
  const where = whereAssets(criteria, parameters);
  const tables = criteria.flowIds ? recordTables : 'asset a';
  const selects = search.branches.map(
    (branch) =>
      `select a.id, ${columns.map((column) => `a.${column}`).join(', ')} from ${tables} where a.workspace_id = $1${where}${branch}`,
  );
  const head = search.with === '' ? 'with' : `${search.with.trimEnd()},`;
  return `${head} wanted as materialized (${selects.join(' union all ')})`;
}

function keyOf(columns: readonly MapColumn[], side = 'wanted'): string {
  return `array[${columns.map((column) => `${side}.${column}`).join(', ')}]`;
}
