import { heavy, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { Side } from './dependencyStatements.js';

export interface NeighbourRecord {
  /** The asset that was asked about. */
  readonly assetId: string;
  readonly id: string;
  /** Number of steps of the shortest way; 0: the asset itself. */
  readonly distance: number;
}

const steps: Readonly<Record<Side, string>> = {
  0: 'select d.to_id as id from asset_dependency d where d.workspace_id = $1 and d.from_id = reach.id',
  1: 'select d.from_id as id from asset_dependency d where d.workspace_id = $1 and d.to_id = reach.id',
};

/**
 * For each of the assets the nearest that dependencies lead to, itself first. A walk like that of an asset's impact: what a level has seen is
 * dropped, and the limit cuts off the farthest first.
 */
export function neighboursOf(
  assetIds: readonly string[],
  sides: readonly Side[],
  depth: number,
  maxSteps: number,
  limit: number,
): Statement<NeighbourRecord> {
  return heavy(
    sql(
      'asset.neighbours',
      `with recursive reach (asset_id, id, distance) as (
         select id, id, 0 from unnest($2::uuid[]) as asset (id)
         union
         select reach.asset_id, next.id, reach.distance + 1 from reach
         cross join lateral (${sides.map((side) => steps[side]).join(' union all ')} offset 0) next
         where reach.distance < $3::int
       ),
       bounded as materialized (select * from reach limit $4::bigint),
       near as (select asset_id, id, min(distance) as distance from bounded group by asset_id, id),
       ranked as (select *, row_number() over (partition by asset_id order by distance, id) as place from near)
       select asset_id, id, distance from ranked where place <= $5::int order by asset_id, place`,
      [assetIds, depth, maxSteps, limit],
      (row) => ({
        assetId: row['asset_id'] as string,
        id: row['id'] as string,
        distance: row['distance'] as number,
      }),
    ),
  );
}

export interface EdgeRecord {
  /** The asset that was asked about. */
  readonly assetId: string;
  readonly fromId: string;
  readonly toId: string;
  readonly kind: string;
  readonly confidence: number;
}

/** The dependencies between assets that stand around the same one, for each of these at most `limit`. */
export function edgesAmong(neighbours: readonly NeighbourRecord[], limit: number): Statement<EdgeRecord> {
  return heavy(
    sql(
      'asset.edgesAmong',
      `with near as materialized (select * from unnest($2::uuid[], $3::uuid[]) as near (asset_id, id)),
       edge as (
         select one.asset_id, d.from_id, d.to_id, d.kind, d.confidence,
           row_number() over (partition by one.asset_id order by d.from_id, d.to_id, d.kind) as place
         from near one
         join asset_dependency d on d.workspace_id = $1 and d.from_id = one.id
         join near other on other.asset_id = one.asset_id and other.id = d.to_id
       )
       select asset_id, from_id, to_id, kind, confidence from edge where place <= $4::int order by asset_id, place`,
      [neighbours.map(({ assetId }) => assetId), neighbours.map(({ id }) => id), limit],
      (row) => ({
        assetId: row['asset_id'] as string,
        fromId: row['from_id'] as string,
        toId: row['to_id'] as string,
        kind: row['kind'] as string,
        confidence: row['confidence'] as number,
      }),
    ),
  );
}
