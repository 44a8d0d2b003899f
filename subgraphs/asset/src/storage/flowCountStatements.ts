import { newUuid } from '@tributary/kernel';
import { planOnce, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/**
 * How many assets a flow was the last to see is the sum of its rows in asset_flow_count. Each statement that changes it adds rows of its own,
 * so that the chunks of a flow never wait for each other, and none is added up before it is committed.
 *
 * A step for that statement's WITH: `changes` answers flow_id and change, `place` is that of a `newChangeId()`.
 */
export function noteChanges(place: string, changes: string): string {
  return `insert into asset_flow_count (workspace_id, flow_id, id, change)
    select w.workspace_id, c.flow_id, ${place}::uuid, c.change from workspace w cross join (${changes}) c
    where w.workspace_id = $1 and c.change <> 0`;
}

export function newChangeId(): string {
  return newUuid();
}

/** How many assets each of the flows was the last to see. One that has no rows yet was written by a version before there were any. */
export function countsOfFlows(flowIds: readonly string[]): Statement<{ readonly id: string; readonly count: number }> {
  return planOnce(
    sql(
      'asset.countOfFlows',
      `select f.id, coalesce(
       (select sum(c.change) from asset_flow_count c where c.workspace_id = $1 and c.flow_id = f.id),
       (select count(*) from asset_sighting s where s.workspace_id = $1 and s.flow_id = f.id)
     ) as count from unnest((select $2::uuid[])) as f (id)`,
      [flowIds],
      (row) => ({ id: row['id'] as string, count: Number(row['count']) }),
    ),
  );
}

/** Of the flows those whose count has several parts. */
export function flowsInParts(flowIds: readonly string[], most: number): Statement<string> {
  return sql(
    'asset.flowsInParts',
    `select flow_id from asset_flow_count where workspace_id = $1 and flow_id = any($2::uuid[])
     group by flow_id having count(*) > 1 order by flow_id limit $3`,
    [flowIds, most],
    (row) => row['flow_id'] as string,
  );
}

/**
 * Makes one row of a flow's parts, and sets right what a version without these rows may have written beside them: all is taken from one
 * snapshot, in which what others have not committed is missing on both sides. One transaction at a time may do it for a flow.
 */
export function addUpParts(flowId: string): Statement {
  return sql(
    'asset.addUpParts',
    `with gone as (
       delete from asset_flow_count p where p.workspace_id = $1 and p.flow_id = $2 returning p.change
     ), made as (
     insert into asset_flow_count (workspace_id, flow_id, id, change)
     select w.workspace_id, $2, $3,
       (select count(*) from asset_sighting s where s.workspace_id = $1 and s.flow_id = $2)
       - (select coalesce(sum(c.change), 0) from asset_flow_count c where c.workspace_id = $1 and c.flow_id = $2)
       + (select coalesce(sum(gone.change), 0) from gone)
     from workspace w where w.workspace_id = $1
     )
     select count(*) from gone`,
    [flowId, newChangeId()],
  );
}
