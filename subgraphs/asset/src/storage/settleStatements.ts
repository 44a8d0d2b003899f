import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { EdgeKey } from './sourceStatements.js';

/** An edge of which a source said something in a flow before. */
export interface StaleEdge extends EdgeKey {
  readonly flowId: string;
  readonly sourceId: string;
  /** Whether the flow that is under way has spoken again of what it was said about, and no longer says it. */
  readonly isOver: boolean;
}

/** Where a walk over what a source said before goes on. */
export interface StalePosition extends EdgeKey {
  readonly sourceId: string;
  readonly flowId: string;
}

/** What a source can say, and by which flow it does. */
export interface Said {
  readonly flowId: string;
  /** Ids under which it speaks. */
  readonly sourceIds: readonly string[];
  readonly kinds: readonly string[];
  /** Whether rows of the source are edges themselves. */
  readonly rowsAreDependencies: boolean;
}

/** Whether the flow has said another edge of that kind from the same asset, or another one of that pair, in either direction. */
const isSpokenOfAgain = `
  exists (
    select from asset_dependency_source again
    where again.workspace_id = $1 and again.source_id = any($3::uuid[]) and again.flow_id = $2 and again.from_id = s.from_id
    and (again.kind = s.kind or again.to_id = s.to_id)
  ) or exists (
    select from asset_dependency_source again
    where again.workspace_id = $1 and again.source_id = any($3::uuid[]) and again.flow_id = $2 and again.from_id = s.to_id
    and again.to_id = s.from_id
  )`;

/**
 * What a source said of these kinds before the flow began and has not said again, in the order of its index. An edge is over when its row
 * was seen again, or its pair was spoken of again by rows that are edges.
 */
export function staleEdges(
  { flowId, sourceIds, kinds, rowsAreDependencies }: Said,
  after: StalePosition | null,
  limit: number,
): Statement<StaleEdge> {
  return sql(
    'asset.staleEdges',
    `select s.from_id, s.to_id, s.kind, s.source_id, s.flow_id,
       exists (
         select from asset_sighting seen where seen.workspace_id = $1 and seen.asset_id = s.from_id and seen.flow_id = $2
       ) or ($11 and (${isSpokenOfAgain})) as is_over
     from asset_dependency_source s
     where s.workspace_id = $1 and s.source_id = any($3::uuid[]) and s.flow_id <> $2
     and (s.source_id, s.flow_id, s.from_id, s.to_id, s.kind) > ($5::uuid, $6::uuid, $7::uuid, $8::uuid, $9::text)
     and s.kind = any($4::text[])
     and s.last_seen_at < (select f.started_at from inventory_flow f where f.workspace_id = $1 and f.flow_id = $2)
     order by s.source_id, s.flow_id, s.from_id, s.to_id, s.kind limit $10`,
    [
      flowId,
      sourceIds,
      kinds,
      after?.sourceId ?? nil,
      after?.flowId ?? nil,
      after?.fromId ?? nil,
      after?.toId ?? nil,
      after?.kind ?? '',
      limit,
      rowsAreDependencies,
    ],
    (row) => ({
      fromId: row['from_id'] as string,
      toId: row['to_id'] as string,
      kind: row['kind'] as string,
      sourceId: row['source_id'] as string,
      flowId: row['flow_id'] as string,
      isOver: row['is_over'] as boolean,
    }),
  );
}

const nil = '00000000-0000-0000-0000-000000000000';

/** Takes back what sources said; unless they said it again meanwhile. */
export function deleteSaid(flowId: string, edges: readonly StalePosition[]): Statement {
  return sql(
    'asset.deleteSaid',
    `delete from asset_dependency_source s
     using unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[]) as e (from_id, to_id, kind, source_id)
     where s.workspace_id = $1 and s.from_id = e.from_id and s.to_id = e.to_id and s.kind = e.kind and s.source_id = e.source_id
     and s.last_seen_at < (select f.started_at from inventory_flow f where f.workspace_id = $1 and f.flow_id = $2)`,
    [flowId, ...columnsOf(edges), edges.map(({ sourceId }) => sourceId)],
  );
}

/** Holds edges against other writers, in the order in which every writer takes them. */
export function lockEdges(edges: readonly EdgeKey[]): Statement {
  return sql(
    'asset.lockEdges',
    `select 1 from asset_dependency d join unnest($2::uuid[], $3::uuid[], $4::text[]) as e (from_id, to_id, kind)
     on d.from_id = e.from_id and d.to_id = e.to_id and d.kind = e.kind
     where d.workspace_id = $1 order by d.from_id, d.to_id, d.kind for update of d`,
    columnsOf(edges),
  );
}

/** Of the edges those that nobody says any more; a row for each that is gone. */
export function deleteUnsaid(edges: readonly EdgeKey[]): Statement {
  return sql(
    'asset.deleteUnsaid',
    `delete from asset_dependency d using unnest($2::uuid[], $3::uuid[], $4::text[]) as e (from_id, to_id, kind)
     where d.workspace_id = $1 and d.from_id = e.from_id and d.to_id = e.to_id and d.kind = e.kind
     and not exists (
       select from asset_dependency_source s
       where s.workspace_id = $1 and s.from_id = d.from_id and s.to_id = d.to_id and s.kind = d.kind
     ) returning 1`,
    columnsOf(edges),
  );
}

function columnsOf(edges: readonly EdgeKey[]): readonly [string[], string[], string[]] {
  return [edges.map(({ fromId }) => fromId), edges.map(({ toId }) => toId), edges.map(({ kind }) => kind)];
}
