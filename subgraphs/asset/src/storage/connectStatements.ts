import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { newChangeId, noteChanges } from './flowCountStatements.js';

/** The asset that a name means. */
export interface NamedAsset {
  /** The name as it is compared. */
  readonly name: string;
  readonly id: string;
}

/** An asset that a name may mean. */
export interface CalledAsset extends NamedAsset {
  /** How surely: by its name before its host name before its external id. */
  readonly rank: number;
  readonly scope: string | null;
  /** Bare uuid of the flow that saw it last. */
  readonly flowId: string | null;
}

/** Of each name at most so many are told apart. */
const assetsOfName = 50;

/**
 * Who saw an asset last. Looked up one by one: right after an import the planner takes the inventory for a handful of rows, and would read
 * the sightings of a whole workspace for each chunk.
 */
export const sightingOfFound = `cross join lateral (
       select flow_id from asset_sighting s where s.workspace_id = $1 and s.asset_id = found.id offset 0
     ) seen`;

/** For each name that is known the assets that it may mean, the oldest first. */
export function assetsByNames(names: readonly string[]): Statement<CalledAsset> {
  return sql(
    'asset.byNames',
    `select wanted.name, found.id, found.rank, found.scope, seen.flow_id from unnest($2::text[]) as wanted (name)
     cross join lateral (
       (select id, 1 as rank, scope from asset where workspace_id = $1 and name_key = wanted.name order by id limit ${assetsOfName})
       union all
       (select id, 2, scope from asset where workspace_id = $1 and hostname_key = wanted.name limit ${assetsOfName})
       union all
       (select id, 3, scope from asset where workspace_id = $1 and external_key = wanted.name limit ${assetsOfName})
     ) found
     ${sightingOfFound}
     order by wanted.name, found.rank, found.id`,
    [names],
    (row) => ({
      name: row['name'] as string,
      id: row['id'] as string,
      rank: row['rank'] as number,
      scope: row['scope'] as string | null,
      flowId: row['flow_id'] as string | null,
    }),
  );
}

/** The one asset that has each of the addresses. Addresses are search terms, whose index finds them. */
export function assetsByAddresses(addresses: readonly string[]): Statement<NamedAsset> {
  return sql(
    'asset.byAddresses',
    `select a.ip_address as name, min(a.id::text) as id from asset_term t join asset a on a.workspace_id = $1 and a.id = t.asset_id
     where t.workspace_id = $1 and t.term = any($2::text[]) and a.ip_address = t.term
     group by a.ip_address having count(*) = 1`,
    [addresses],
    (row) => ({ name: row['name'] as string, id: row['id'] as string }),
  );
}

/** An asset that a row of a source may be. */
export interface KeyedAsset {
  readonly key: string;
  readonly nameKey: string;
  readonly id: string;
  readonly scope: string | null;
  readonly flowId: string | null;
}

/** The assets that rows of a source are, by the keys that they were written under or are known by since. */
export function assetsByKeys(keys: readonly string[]): Statement<KeyedAsset> {
  return sql(
    'asset.byKeys',
    `select wanted.key, found.name_key, found.id, found.scope, seen.flow_id from unnest($2::text[]) as wanted (key)
     cross join lateral (
       select name_key, id, scope from asset where workspace_id = $1 and source_key = wanted.key
       union all
       select a.name_key, a.id, a.scope from asset_key k join asset a on a.workspace_id = $1 and a.id = k.asset_id
       where k.workspace_id = $1 and k.key = wanted.key
     ) found
     ${sightingOfFound}`,
    [keys],
    (row) => ({
      key: row['key'] as string,
      nameKey: row['name_key'] as string,
      id: row['id'] as string,
      scope: row['scope'] as string | null,
      flowId: row['flow_id'] as string | null,
    }),
  );
}

/**
 * For names that nothing has: of `web-1.corp.example` the one asset called `web-1`, of `web-1` the one called `web-1.` and more. A name
 * that fits two assets means neither.
 */
export function assetsByOtherForm(names: readonly string[]): Statement<NamedAsset> {
  return sql(
    'asset.byOtherForm',
    `select wanted.name, min(fitting.id::text) as id from unnest($2::text[]) as wanted (name)
     cross join lateral (
       select id from asset where workspace_id = $1 and position('.' in wanted.name) > 1 and name_key = split_part(wanted.name, '.', 1)
       union
       select id from asset where workspace_id = $1 and position('.' in wanted.name) > 1 and hostname_key = split_part(wanted.name, '.', 1)
       union
       select id from asset
       where workspace_id = $1 and position('.' in wanted.name) = 0 and name_key > wanted.name || '.' and name_key < wanted.name || '/'
       union
       select id from asset
       where workspace_id = $1 and position('.' in wanted.name) = 0 and hostname_key > wanted.name || '.' and hostname_key < wanted.name || '/'
     ) fitting group by wanted.name having count(*) = 1`,
    [names],
    (row) => ({ name: row['name'] as string, id: row['id'] as string }),
  );
}

/** An asset of which no more than a name is known. */
export interface Placeholder {
  readonly id: string;
  readonly sourceKey: string;
  readonly kind: string;
  readonly name: string;
  readonly nameKey: string;
  readonly searchText: string;
}

/** Writes placeholders and answers all of their keys with the asset that has each now: another writer may have been first. */
export function ensurePlaceholders(
  flowId: string,
  placeholders: readonly Placeholder[],
): Statement<{ sourceKey: string; id: string; made: boolean }> {
  return sql(
    'asset.ensurePlaceholders',
    `with made as (
       insert into asset (workspace_id, id, source_key, source_shape, fingerprint, kind, name, name_key, status, criticality, search_text)
       select w.workspace_id, f.id, f."sourceKey", '', '', f.kind, f.name, f."nameKey", 'UNKNOWN', 'UNKNOWN', f."searchText"
       from workspace w
       cross join json_to_recordset($2::json) as f (id uuid, "sourceKey" text, kind text, name text, "nameKey" text, "searchText" text)
       where w.workspace_id = $1
       on conflict (workspace_id, source_key) do update set source_key = excluded.source_key
       returning source_key, id, xmax = 0 as made
     ), seen as (
       insert into asset_sighting (workspace_id, asset_id, flow_id, last_seen_at)
       select w.workspace_id, made.id, $3::uuid, now() from workspace w cross join made where w.workspace_id = $1 and made.made
     ), counted as (
       ${noteChanges('$4', 'select $3::uuid as flow_id, count(*)::integer as change from made where made')}
     )
     select source_key, id, made from made`,
    [JSON.stringify(placeholders), flowId, newChangeId()],
    (row) => ({ sourceKey: row['source_key'] as string, id: row['id'] as string, made: row['made'] as boolean }),
  );
}

export interface DependencyToWrite {
  readonly fromId: string;
  readonly toId: string;
  readonly kind: string;
  /** The source's own word, of those that are related_to. */
  readonly relation: string | null;
  readonly confidence: number;
}

/** Answers how many are new. Of each it is noted that the source says it, by this flow; those that say the same as before are left alone. */
export function upsertDependencies(
  flowId: string,
  sourceId: string,
  dependencies: readonly DependencyToWrite[],
): Statement<number> {
  return sql(
    'asset.upsertDependencies',
    `with written as (
       insert into asset_dependency as d (workspace_id, from_id, to_id, kind, relation, confidence)
       select w.workspace_id, f.from_id, f.to_id, f.kind, f.relation, f.confidence from workspace w
       cross join unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::float8[]) as f (from_id, to_id, kind, relation, confidence)
       where w.workspace_id = $1
       on conflict (workspace_id, from_id, to_id, kind) do update
       set confidence = excluded.confidence, relation = excluded.relation, updated_at = excluded.updated_at
       where (d.confidence, d.relation) is distinct from (excluded.confidence, excluded.relation)
       returning xmax = 0 as made
     ), said as (
       insert into asset_dependency_source (workspace_id, from_id, to_id, kind, source_id, flow_id, first_seen_at, last_seen_at)
       select w.workspace_id, f.from_id, f.to_id, f.kind, $3::uuid, $2::uuid, now(), now()
       from workspace w cross join unnest($4::uuid[], $5::uuid[], $6::text[]) as f (from_id, to_id, kind)
       where w.workspace_id = $1
       on conflict (workspace_id, from_id, to_id, kind, source_id) do update
       set flow_id = excluded.flow_id, last_seen_at = excluded.last_seen_at
     ) select count(*) filter (where made) as made from written`,
    [
      flowId,
      sourceId,
      dependencies.map((dependency) => dependency.fromId),
      dependencies.map((dependency) => dependency.toId),
      dependencies.map((dependency) => dependency.kind),
      dependencies.map((dependency) => dependency.relation),
      dependencies.map((dependency) => dependency.confidence),
    ],
    (row) => row['made'] as number,
  );
}
