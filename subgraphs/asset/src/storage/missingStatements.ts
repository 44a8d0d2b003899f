import { heavy, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { flowsOfSource, type SourceRow } from './sourceStatements.js';

/** An asset that a source showed in a flow before and not in the one that is under way. */
export interface AbsentAsset {
  readonly assetId: string;
  /** By which it showed it last. */
  readonly flowId: string;
}

const nil = '00000000-0000-0000-0000-000000000000';
const began = `(select f.started_at from inventory_flow f where f.workspace_id = $1 and f.flow_id = $2)`;

/** Of the source's flows those before this one. */
export function earlierFlows(flowId: string, source: SourceRow): Statement<string> {
  return sql(
    'asset.earlierFlows',
    `select flow_id from (${flowsOfSource(3, 4)}) f where f.flow_id <> $2::uuid`,
    [flowId, source.id, source.name],
    (row) => row['flow_id'] as string,
  );
}

/** Assets that these flows were the last to see, before the flow began; not those that are retired already for being missing. */
export function absentAssets(
  flowId: string,
  earlier: readonly string[],
  after: AbsentAsset | null,
  limit: number,
): Statement<AbsentAsset> {
  return sql(
    'asset.absent',
    `select s.asset_id, s.flow_id from asset_sighting s
     where s.workspace_id = $1 and s.flow_id = any($3::uuid[]) and (s.flow_id, s.asset_id) > ($4::uuid, $5::uuid)
     and s.last_seen_at < ${began}
     and not exists (
       select from asset_missing m where m.workspace_id = $1 and m.asset_id = s.asset_id and m.status_before is not null
     )
     order by s.flow_id, s.asset_id limit $6`,
    [flowId, earlier, after?.flowId ?? nil, after?.assetId ?? nil, limit],
    toAbsent,
  );
}

/** Assets that another source has seen since these flows did: of those too the source may show no more. */
export function absentOfSeveral(
  flowId: string,
  sourceIds: readonly string[],
  earlier: readonly string[],
  after: AbsentAsset | null,
  limit: number,
): Statement<AbsentAsset> {
  return sql(
    'asset.absentOfSeveral',
    `select o.asset_id, o.flow_id from asset_source o
     join asset_sighting s on s.workspace_id = $1 and s.asset_id = o.asset_id
     where o.workspace_id = $1 and o.source_id = any($3::uuid[]) and (o.flow_id, o.asset_id) > ($5::uuid, $6::uuid)
     and s.flow_id <> $2 and s.flow_id <> all($4::uuid[]) and o.last_seen_at < ${began}
     and (o.withdrawn_at is null or exists (
       select from asset_missing m where m.workspace_id = $1 and m.asset_id = o.asset_id and m.status_before is null
     ))
     order by o.flow_id, o.asset_id limit $7`,
    [flowId, sourceIds, earlier, after?.flowId ?? nil, after?.assetId ?? nil, limit],
    toAbsent,
  );
}

/** Holds their sightings against flows that see them at this moment; answers those that none has seen meanwhile. */
export function lockAbsent(flowId: string, assetIds: readonly string[]): Statement<string> {
  return sql(
    'asset.lockAbsent',
    `select s.asset_id from asset_sighting s
     where s.workspace_id = $1 and s.asset_id = any($3::uuid[]) and s.flow_id <> $2 order by s.asset_id for update`,
    [flowId, assetIds],
    (row) => row['asset_id'] as string,
  );
}

/** Notes that a source shows assets no longer which several sources have seen. */
export function withdraw(sourceIds: readonly string[], assetIds: readonly string[]): Statement {
  return sql(
    'asset.withdraw',
    `update asset_source set withdrawn_at = now()
     where workspace_id = $1 and source_id = any($2::uuid[]) and asset_id = any($3::uuid[]) and withdrawn_at is null`,
    [sourceIds, assetIds],
  );
}

/** What a complete import has counted of an asset that nobody shows. */
export interface MissingAsset {
  readonly assetId: string;
  /** Complete imports without it, this one included. */
  readonly imports: number;
}

/**
 * Counts one more import without them, once a flow, of those that no source shows any more. What only an edge named is there as long as
 * an edge names it.
 */
export function countMissing(flowId: string, assetIds: readonly string[]): Statement<MissingAsset> {
  return sql(
    'asset.countMissing',
    `insert into asset_missing as m (workspace_id, asset_id, missing_since, imports, flow_id)
     select $1, a.id, now(), 1, $2::uuid from asset a
     where a.workspace_id = $1 and a.id = any($3::uuid[])
     and not exists (
       select from asset_source o where o.workspace_id = $1 and o.asset_id = a.id and o.withdrawn_at is null
     )
     and (a.source_shape <> '' or not exists (
       select from asset_dependency d where d.workspace_id = $1 and d.from_id = a.id
       union all select from asset_dependency d where d.workspace_id = $1 and d.to_id = a.id
     ))
     on conflict (workspace_id, asset_id) do update set imports = m.imports + 1, flow_id = excluded.flow_id
     where m.flow_id <> excluded.flow_id
     returning m.asset_id, m.imports`,
    [flowId, assetIds],
    (row) => ({ assetId: row['asset_id'] as string, imports: row['imports'] as number }),
  );
}

/** An asset whose status followed from its being missing. */
export interface ChangedStatus {
  readonly assetId: string;
  readonly before: string;
  readonly after: string;
}

/** Takes missing assets out of use, save for those whose status a person set. */
export function retireMissing(assetIds: readonly string[]): Statement<ChangedStatus> {
  return sql(
    'asset.retireMissing',
    `with known as (
       select b.id, b.status from asset b
       where b.workspace_id = $1 and b.id = any($2::uuid[]) and b.status <> 'RETIRED' and not 'status' = any(b.edited_fields) for update
     ), retired as (
       update asset a set status = 'RETIRED', version = a.version + 1, updated_at = now() from known
       where a.workspace_id = $1 and a.id = known.id
       returning a.id, known.status as before
     )
     update asset_missing m set status_before = retired.before from retired
     where m.workspace_id = $1 and m.asset_id = retired.id
     returning m.asset_id, m.status_before as before, 'RETIRED' as after`,
    [assetIds],
    toChangedStatus,
  );
}

/** Ends that assets are missing, since the source shows them; answers those that come back to life, with the status that they had. */
export function comeBack(sourceId: string, assetIds: readonly string[]): Statement<ChangedStatus> {
  return sql(
    'asset.comeBack',
    `with shown as (
       update asset_source set withdrawn_at = null
       where workspace_id = $1 and source_id = $2::uuid and asset_id = any($3::uuid[]) and withdrawn_at is not null
     ), back as (
       delete from asset_missing where workspace_id = $1 and asset_id = any($3::uuid[]) returning asset_id, status_before
     )
     update asset a set status = back.status_before, version = a.version + 1, updated_at = now() from back
     where a.workspace_id = $1 and a.id = back.asset_id and back.status_before is not null
     and a.status = 'RETIRED' and not 'status' = any(a.edited_fields)
     returning a.id as asset_id, 'RETIRED' as before, a.status as after`,
    [sourceId, assetIds],
    toChangedStatus,
  );
}

/** Of the assets those that only edges named and that are missing. */
export function missingPlaceholders(assetIds: readonly string[]): Statement<string> {
  return sql(
    'asset.missingPlaceholders',
    `select m.asset_id from asset_missing m join asset a on a.workspace_id = $1 and a.id = m.asset_id
     where m.workspace_id = $1 and m.asset_id = any($2::uuid[]) and a.source_shape = ''`,
    [assetIds],
    (row) => row['asset_id'] as string,
  );
}

/** Since when each of the assets is missing; those that are not are left out. */
export function missingSince(assetIds: readonly string[]): Statement<{ assetId: string; since: Date }> {
  return sql(
    'asset.missingSince',
    'select asset_id, missing_since from asset_missing where workspace_id = $1 and asset_id = any($2::uuid[])',
    [assetIds],
    (row) => ({ assetId: row['asset_id'] as string, since: row['missing_since'] as Date }),
  );
}

/** How many assets the flow shows, and how many of those that its source showed before it does not, up to `most` each. */
export function countShown(
  flowId: string,
  earlier: readonly string[],
  most: number,
): Statement<{ shown: number; notShown: number }> {
  return heavy(
    sql(
      'asset.countShown',
      `select
         (select count(*) from (
            select from asset_sighting s where s.workspace_id = $1 and s.flow_id = $2 limit $4
          ) shown) as shown,
         (select count(*) from (
            select from asset_sighting s join asset a on a.workspace_id = $1 and a.id = s.asset_id
            where s.workspace_id = $1 and s.flow_id = any($3::uuid[]) and s.last_seen_at < ${began}
            and a.status <> 'RETIRED' and a.source_shape <> '' limit $4
          ) absent) as not_shown`,
      [flowId, earlier, most],
      (row) => ({ shown: row['shown'] as number, notShown: row['not_shown'] as number }),
    ),
  );
}

function toAbsent(row: Record<string, unknown>): AbsentAsset {
  return { assetId: row['asset_id'] as string, flowId: row['flow_id'] as string };
}

function toChangedStatus(row: Record<string, unknown>): ChangedStatus {
  return { assetId: row['asset_id'] as string, before: row['before'] as string, after: row['after'] as string };
}
