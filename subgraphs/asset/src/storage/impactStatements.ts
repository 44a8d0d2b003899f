import { heavy, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { toCount } from './assetStatements.js';
import type { CountOf } from './assetStatements.js';

export interface ImpactRecord {
  /** The asset that was asked about. */
  readonly assetId: string;
  /** What depends on it. */
  readonly impactedId: string;
  /** Number of steps of the shortest way, from 1. */
  readonly distance: number;
}

export interface ImpactPosition {
  readonly distance: number;
  readonly impactedId: string;
}

/**
 * Walks from each asset against its incoming dependencies, level by level. `union` drops what a level has seen, so circles end and
 * nothing is walked twice at one distance; the limit cuts off the farthest first, since PostgreSQL stops the walk when it has enough.
 * `offset 0` keeps each step a look into the index: PostgreSQL cannot know how short a walk is, and would read the table whole.
 */
const walk = `with recursive reach (asset_id, id, distance) as (
    select id, id, 0 from unnest($2::uuid[]) as asset (id)
    union
    select reach.asset_id, next.id, reach.distance + 1 from reach
    cross join lateral (
      select d.from_id as id from asset_dependency d where d.workspace_id = $1 and d.to_id = reach.id offset 0
    ) next
    where reach.distance < $3::int
  ),
  bounded as materialized (select * from reach limit $4::bigint),
  impact as (
    select asset_id, id, min(distance) as distance from bounded where id <> asset_id group by asset_id, id
  )`;

export function impactOf(
  assetIds: readonly string[],
  depth: number,
  maxSteps: number,
  position: ImpactPosition | null,
  limit: number,
): Statement<ImpactRecord> {
  return heavy(
    sql(
      'asset.impact',
      `${walk}, ranked as (
       select asset_id, id, distance, row_number() over (partition by asset_id order by distance, id) as place from impact
       where (distance, id) > ($5::int, $6::uuid)
     )
     select asset_id, id, distance from ranked where place <= $7::int order by asset_id, place`,
      [
        assetIds,
        depth,
        maxSteps,
        position?.distance ?? 0,
        position?.impactedId ?? '00000000-0000-0000-0000-000000000000',
        limit,
      ],
      (row) => ({
        assetId: row['asset_id'] as string,
        impactedId: row['id'] as string,
        distance: row['distance'] as number,
      }),
    ),
  );
}

/** Nothing at all when the walk hit its bound: the count is not known then. */
export function countImpactOf(assetIds: readonly string[], depth: number, maxSteps: number): Statement<CountOf> {
  return heavy(
    sql(
      'asset.countImpact',
      `${walk} select asset_id as id, count(*) from impact where (select count(*) from bounded) < $4::bigint group by asset_id
     union all select id, 0 from unnest($2::uuid[]) as asset (id)
     where (select count(*) from bounded) < $4::bigint and not exists (select from impact where impact.asset_id = asset.id)`,
      [assetIds, depth, maxSteps],
      toCount,
    ),
  );
}
