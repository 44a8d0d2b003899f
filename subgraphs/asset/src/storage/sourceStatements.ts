import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';

/** A source as the inventory knows it. */
export interface SourceRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

/** Notes, once for each flow, which source speaks by it. */
export function noteFlow(flowId: string, source: SourceRow): Statement {
  return sql(
    'asset.noteFlow',
    `with named as (
       insert into inventory_source (workspace_id, id, key, name) values ($1, $2, $3, $4) on conflict (workspace_id, id) do nothing
     )
     insert into inventory_flow (workspace_id, source_id, flow_id) values ($1, $2, $5) on conflict (workspace_id, flow_id) do nothing`,
    [source.id, source.key, source.name, flowId],
  );
}

/**
 * Flows by which a source spoke: its own, and those from before sources were told apart whose source had its name. $1 is the workspace,
 * the others are numbers of the source's id and name.
 */
export function flowsOfSource(id: number, name: number): string {
  return `select f.flow_id from inventory_flow f join inventory_source o on o.workspace_id = $1 and o.id = f.source_id
    where f.workspace_id = $1 and (o.id = $${id}::uuid or (o.is_migrated and o.name = $${name}::text))`;
}

/** Ids of those sources. */
function idsOf(id: number, name: number): string {
  return `select o.id from inventory_source o
    where o.workspace_id = $1 and (o.id = $${id}::uuid or (o.is_migrated and o.name = $${name}::text))`;
}

/** Ids under which the source spoke: its own, and those from before sources were told apart. */
export function idsOfSource(source: SourceRow): Statement<string> {
  return sql('asset.idsOfSource', idsOf(2, 3), [source.id, source.name], (row) => row['id'] as string);
}

/** An asset that another source than the one that sees it now was the last to see. */
export interface SeenBefore {
  readonly assetId: string;
  readonly flowId: string;
  readonly at: Date;
}

/** Notes of assets that several sources see when each saw them first and last. */
export function noteOtherSources(flowId: string, source: SourceRow, seen: readonly SeenBefore[]): Statement {
  return sql(
    'asset.noteOtherSources',
    `with seen as (
       select asset_id, flow_id, at from unnest($5::uuid[], $6::uuid[], $7::timestamptz[]) as s (asset_id, flow_id, at)
     )
     insert into asset_source as known (workspace_id, asset_id, source_id, flow_id, first_seen_at, last_seen_at)
     select $1, a.id, f.source_id, seen.flow_id, a.created_at, seen.at from asset a
     join seen on seen.asset_id = a.id join inventory_flow f on f.workspace_id = $1 and f.flow_id = seen.flow_id
     where a.workspace_id = $1 and f.source_id not in (${idsOf(3, 4)})
     union all
     select $1, a.id, $3::uuid, $2::uuid, now(), now() from asset a where a.workspace_id = $1 and a.id = any($5::uuid[])
     on conflict (workspace_id, asset_id, source_id) do update
     set flow_id = excluded.flow_id, last_seen_at = excluded.last_seen_at`,
    [
      flowId,
      source.id,
      source.name,
      seen.map(({ assetId }) => assetId),
      seen.map((before) => before.flowId),
      seen.map(({ at }) => at),
    ],
  );
}

/** That a source said something, by which flow last, and since when. */
export interface SaidRecord {
  /** What it is about. */
  readonly about: string;
  readonly source: string;
  /** Bare uuid. */
  readonly flowId: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** Sources that an answer names of one thing. */
const mostSources = 100;

/** For each asset the sources that saw it, the last one first. */
export function sourcesOfAssets(assetIds: readonly string[]): Statement<SaidRecord> {
  return sql(
    'asset.sourcesOf',
    `with last as (
       select s.asset_id, f.source_id, s.flow_id, a.created_at, s.last_seen_at from asset_sighting s
       join asset a on a.workspace_id = $1 and a.id = s.asset_id
       join inventory_flow f on f.workspace_id = $1 and f.flow_id = s.flow_id
       where s.workspace_id = $1 and s.asset_id = any($2::uuid[])
     ), known as (
       select o.asset_id, o.source_id, o.flow_id, o.first_seen_at, o.last_seen_at from asset_source o
       where o.workspace_id = $1 and o.asset_id = any($2::uuid[])
     ), told as (
       select last.asset_id, last.source_id, last.flow_id, coalesce(known.first_seen_at, last.created_at) as first_seen_at, last.last_seen_at
       from last left join known on known.asset_id = last.asset_id and known.source_id = last.source_id
       union all
       select known.* from known
       where not exists (select from last where last.asset_id = known.asset_id and last.source_id = known.source_id)
     ), ranked as (
       select told.*, row_number() over (partition by asset_id order by last_seen_at desc, source_id) as place from told
     )
     select ranked.asset_id::text as about, o.name, ranked.flow_id, ranked.first_seen_at, ranked.last_seen_at from ranked
     join inventory_source o on o.workspace_id = $1 and o.id = ranked.source_id
     where ranked.place <= ${mostSources} order by ranked.asset_id, ranked.place`,
    [assetIds],
    toSaidRecord,
  );
}

/** An edge, as what says it is found by. */
export interface EdgeKey {
  readonly fromId: string;
  readonly toId: string;
  readonly kind: string;
}

export function textOfEdge({ fromId, toId, kind }: EdgeKey): string {
  return `${fromId} ${toId} ${kind}`;
}

/** For each edge the sources that say it, the last one first. */
export function sourcesOfDependencies(edges: readonly EdgeKey[]): Statement<SaidRecord> {
  return sql(
    'asset.sourcesOfDependencies',
    `with ranked as (
       select s.from_id || ' ' || s.to_id || ' ' || s.kind as about, s.source_id, s.flow_id, s.first_seen_at, s.last_seen_at,
         row_number() over (partition by s.from_id, s.to_id, s.kind order by s.last_seen_at desc, s.source_id) as place
       from unnest($2::uuid[], $3::uuid[], $4::text[]) as e (from_id, to_id, kind)
       cross join lateral (
         select * from asset_dependency_source s
         where s.workspace_id = $1 and s.from_id = e.from_id and s.to_id = e.to_id and s.kind = e.kind offset 0
       ) s
     )
     select ranked.about, o.name, ranked.flow_id, ranked.first_seen_at, ranked.last_seen_at from ranked
     join inventory_source o on o.workspace_id = $1 and o.id = ranked.source_id
     where ranked.place <= ${mostSources} order by ranked.about, ranked.place`,
    [edges.map(({ fromId }) => fromId), edges.map(({ toId }) => toId), edges.map(({ kind }) => kind)],
    toSaidRecord,
  );
}

function toSaidRecord(row: Row): SaidRecord {
  return {
    about: row['about'] as string,
    source: row['name'] as string,
    flowId: row['flow_id'] as string,
    firstSeenAt: row['first_seen_at'] as Date,
    lastSeenAt: row['last_seen_at'] as Date,
  };
}
