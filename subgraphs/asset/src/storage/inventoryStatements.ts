import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { flowsOfSource } from './sourceStatements.js';
import type { SeenBefore, SourceRow } from './sourceStatements.js';
import { contentColumns, toAssetContent, type AssetContent } from './assetContent.js';

/** What recognises an asset, without what is known of it. */
export interface KnownAsset {
  readonly id: string;
  readonly sourceKey: string;
  readonly sourceShape: string;
  readonly nameKey: string;
  readonly fingerprint: string;
}

/** A whole row to write: content, what recognises it, and the forms in which names are compared. */
export interface AssetToWrite extends KnownAsset, AssetContent {
  readonly hostnameKey: string | null;
  readonly externalKey: string | null;
  readonly searchText: string;
}

export interface AssetToChange extends KnownAsset, AssetContent {
  readonly searchText: string;
  readonly editedFields: readonly string[];
}

/** A search term of an asset. */
export interface AssetTerm {
  readonly assetId: string;
  readonly term: string;
}

/** Of an asset's row, what a discovery writes: name of the property, column and type. */
const written = [
  ['id', 'id', 'uuid'],
  ['sourceKey', 'source_key', 'text'],
  ['sourceShape', 'source_shape', 'text'],
  ['fingerprint', 'fingerprint', 'text'],
  ['kind', 'kind', 'text'],
  ['name', 'name', 'text'],
  ['nameKey', 'name_key', 'text'],
  ['externalId', 'external_id', 'text'],
  ['externalKey', 'external_key', 'text'],
  ['status', 'status', 'text'],
  ['environment', 'environment', 'text'],
  ['department', 'department', 'text'],
  ['criticality', 'criticality', 'text'],
  ['hostname', 'hostname', 'text'],
  ['hostnameKey', 'hostname_key', 'text'],
  ['ipAddress', 'ip_address', 'text'],
  ['operatingSystem', 'operating_system', 'text'],
  ['ownerEmail', 'owner_email', 'text'],
  ['tags', 'tags', 'text[]'],
  ['attributes', 'attributes', 'jsonb'],
  ['searchText', 'search_text', 'text'],
] as const satisfies readonly (readonly [keyof AssetToWrite, string, string])[];

const columns = written.map(([, column]) => column).join(', ');
const rowsOfJson = `json_to_recordset($2::json) as f (${written.map(([property, , type]) => `"${property}" ${type}`).join(', ')})`;
const properties = written.map(([property]) => `f."${property}"`).join(', ');
const assignments = written
  .filter(([property]) => property !== 'id')
  .map(([property, column]) => `${column} = f."${property}"`)
  .join(', ');

export function knownByKeys(keys: readonly string[]): Statement<KnownAsset> {
  return sql(
    'asset.knownByKeys',
    `select id, source_key, source_shape, name_key, fingerprint from asset
     where workspace_id = $1 and source_key = any($2::text[])`,
    [keys],
    toKnownAsset,
  );
}

/** Assets that only a dependency named so far, by name; the oldest of each name. */
export function placeholdersByName(nameKeys: readonly string[]): Statement<KnownAsset> {
  return sql(
    'asset.placeholdersByName',
    `select distinct on (name_key) id, source_key, source_shape, name_key, fingerprint from asset
     where workspace_id = $1 and source_shape = '' and name_key = any($2::text[]) order by name_key, id`,
    [nameKeys],
    toKnownAsset,
  );
}

/** Whole rows, held against other writers, in the order in which every writer takes them. */
export function lockForChange(ids: readonly string[]): Statement<AssetToChange> {
  return sql(
    'asset.lockForChange',
    `select a.id, a.source_key, a.source_shape, a.name_key, a.fingerprint, ${contentColumns}, a.edited_fields, a.search_text
     from asset a where a.workspace_id = $1 and a.id = any($2::uuid[]) order by a.id for update`,
    [ids],
    toAssetToChange,
  );
}

/**
 * New assets with their first sighting and, in the order of their index, their search terms. The rows' JSON is one value: that is cheaper
 * than an array for each column (docs/decisions/0021).
 */
export function insertAssets(flowId: string, rowsJson: string): Statement {
  return sql(
    'asset.insertFound',
    `with made as (
       insert into asset (workspace_id, ${columns}) select $1, ${properties} from ${rowsOfJson} returning id, search_text
     ), seen as (
       insert into asset_sighting (workspace_id, asset_id, flow_id, last_seen_at) select $1, id, $3::uuid, now() from made
     )
     insert into asset_term (workspace_id, term, asset_id)
     select $1, t.term, made.id from made
     cross join lateral string_to_table(btrim(made.search_text, e'\\n'), e'\\n') as t (term)
     where t.term <> '' order by t.term collate "C", made.id`,
    [rowsJson, flowId],
  );
}

export function updateAssets(rowsJson: string): Statement {
  return sql(
    'asset.updateFound',
    `update asset a set ${assignments}, version = a.version + 1, updated_at = now()
     from ${rowsOfJson} where a.workspace_id = $1 and a.id = f.id`,
    [rowsJson],
  );
}

/** For assets whose owning source says the same in other words. */
export function updateFingerprints(ids: readonly string[], fingerprints: readonly string[]): Statement {
  return sql(
    'asset.updateFingerprints',
    `update asset a set fingerprint = f.fingerprint from unnest($2::uuid[], $3::text[]) as f (id, fingerprint)
     where a.workspace_id = $1 and a.id = f.id`,
    [ids, fingerprints],
  );
}

/**
 * Assets that were seen again: all that a rerun writes for those that did not change. Answers those that another source was the last to
 * see.
 */
export function moveSightings(flowId: string, source: SourceRow, ids: readonly string[]): Statement<SeenBefore> {
  return sql(
    'asset.moveSightings',
    `with moved as (
       update asset_sighting s set flow_id = $2::uuid, last_seen_at = now()
       where s.workspace_id = $1 and s.asset_id = any($3::uuid[])
       returning s.asset_id, old.flow_id as flow_before, old.last_seen_at as seen_before
     )
     select asset_id, flow_before, seen_before from moved
     where flow_before <> $2::uuid and flow_before <> all (array(${flowsOfSource(4, 5)}))`,
    [flowId, ids, source.id, source.name],
    (row) => ({
      assetId: row['asset_id'] as string,
      flowId: row['flow_before'] as string,
      at: row['seen_before'] as Date,
    }),
  );
}

export function insertTerms(terms: readonly AssetTerm[]): Statement {
  return sql(
    'asset.insertTerms',
    `insert into asset_term (workspace_id, term, asset_id)
     select $1, t.term, t.asset_id from unnest($2::text[], $3::uuid[]) as t (term, asset_id)`,
    [terms.map((entry) => entry.term), terms.map((entry) => entry.assetId)],
  );
}

/** The inner selects hide how many there are: knowing it, PostgreSQL may rather read the terms of the whole workspace. */
export function deleteTerms(terms: readonly AssetTerm[]): Statement {
  return sql(
    'asset.deleteTerms',
    `delete from asset_term t using unnest((select $2::text[]), (select $3::uuid[])) as gone (term, asset_id)
     where t.workspace_id = $1 and t.term = gone.term and t.asset_id = gone.asset_id`,
    [terms.map((entry) => entry.term), terms.map((entry) => entry.assetId)],
  );
}

function toKnownAsset(row: Row): KnownAsset {
  return {
    id: row['id'] as string,
    sourceKey: row['source_key'] as string,
    sourceShape: row['source_shape'] as string,
    nameKey: row['name_key'] as string,
    fingerprint: row['fingerprint'] as string,
  };
}

function toAssetToChange(row: Row): AssetToChange {
  return {
    ...toKnownAsset(row),
    ...toAssetContent(row),
    editedFields: row['edited_fields'] as string[],
    searchText: row['search_text'] as string,
  };
}
