import { bulkInsert, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { newChangeId, noteChanges } from './flowCountStatements.js';
import { sightingOfFound } from './connectStatements.js';
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

/** An asset that a row may be: by one of its keys, or by its name. */
export interface Candidate extends KnownAsset {
  /** The key or name that it was looked for by. */
  readonly soughtBy: string;
  readonly kind: string;
  readonly scope: string | null;
  readonly hostname: string | null;
  readonly ipAddress: string | null;
  /** Bare uuid of the flow that saw it last. */
  readonly flowId: string | null;
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
  ['scope', 'scope', 'text'],
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

const candidateColumns = `a.id, a.source_key, a.source_shape, a.name_key, a.fingerprint, a.kind, a.scope, a.hostname, a.ip_address`;

/**
 * By the keys that they were made under, and by those of sources that took them over since. Key by key: right after an import the planner
 * takes the inventory for a handful of rows, and would read all of a workspace for each chunk.
 */
export function knownByKeys(keys: readonly string[]): Statement<Candidate> {
  return sql(
    'asset.knownByKeys',
    `select wanted.key as sought_by, null::uuid as flow_id, found.* from unnest($2::text[]) as wanted (key)
     cross join lateral (
       select ${candidateColumns} from asset a where a.workspace_id = $1 and a.source_key = wanted.key
       union all
       select ${candidateColumns} from asset_key k join asset a on a.workspace_id = $1 and a.id = k.asset_id
       where k.workspace_id = $1 and k.key = wanted.key
     ) found`,
    [keys],
    toCandidate,
  );
}

/** What other sources know by one of the keys, with who saw it last. */
export function candidatesByKeys(keys: readonly string[]): Statement<Candidate> {
  return sql(
    'asset.candidatesByKeys',
    `select wanted.key as sought_by, seen.flow_id, found.* from unnest($2::text[]) as wanted (key)
     cross join lateral (
       select ${candidateColumns} from asset a where a.workspace_id = $1 and a.source_key = wanted.key
       union all
       select ${candidateColumns} from asset_key k join asset a on a.workspace_id = $1 and a.id = k.asset_id
       where k.workspace_id = $1 and k.key = wanted.key
     ) found
     ${sightingOfFound}`,
    [keys],
    toCandidate,
  );
}

/** Of each name at most so many are looked at: more say only that the name tells nobody apart. */
const candidatesOfName = 4;

/** Assets that are called so, or have the name as their host name; of those that only a dependency named, the oldest first. */
export function candidatesByName(names: readonly string[]): Statement<Candidate> {
  return sql(
    'asset.candidatesByName',
    `select wanted.name as sought_by, seen.flow_id, found.* from unnest($2::text[]) as wanted (name)
     cross join lateral (
       (select ${candidateColumns} from asset a where a.workspace_id = $1 and a.name_key = wanted.name order by a.id limit ${candidatesOfName})
       union
       (select ${candidateColumns} from asset a where a.workspace_id = $1 and a.hostname_key = wanted.name limit ${candidatesOfName})
     ) found
     ${sightingOfFound}
     order by wanted.name, found.id`,
    [names],
    toCandidate,
  );
}

/** Notes that an asset is known by a source's key, too. */
export function insertKeys(keys: readonly { readonly key: string; readonly assetId: string }[]): Statement {
  const { text, values } = bulkInsert({
    into: 'asset_key',
    entries: keys,
    columns: {
      key: { type: 'text', of: ({ key }) => key },
      asset_id: { type: 'uuid', of: ({ assetId }) => assetId },
    },
    orderBy: 'key collate "C"',
    behind: 'on conflict (workspace_id, key) do nothing',
  });
  return sql('asset.insertKeys', text, values);
}

export const assetToChangeColumns = `a.id, a.source_key, a.source_shape, a.name_key, a.fingerprint, ${contentColumns}, a.edited_fields, a.search_text`;

/** Whole rows, held against other writers, in the order in which every writer takes them. */
export function lockForChange(ids: readonly string[]): Statement<AssetToChange> {
  return sql(
    'asset.lockForChange',
    `select ${assetToChangeColumns}
     from asset a where a.workspace_id = $1 and a.id = any($2::uuid[]) order by a.id for update`,
    [ids],
    toAssetToChange,
  );
}

/**
 * New assets with their first sighting, what they add to the flow's count and, in the order of their index, their search terms. The rows' JSON
 * is one value: that is cheaper than an array for each column (docs/decisions/0021).
 */
export function insertAssets(flowId: string, rowsJson: string): Statement {
  return sql(
    'asset.insertFound',
    `with made as (
       insert into asset as a (workspace_id, ${columns})
       select w.workspace_id, ${properties} from workspace w cross join ${rowsOfJson} where w.workspace_id = $1 returning a.id, a.search_text
     ), seen as (
       insert into asset_sighting (workspace_id, asset_id, flow_id, last_seen_at)
       select w.workspace_id, made.id, $3::uuid, now() from workspace w cross join made where w.workspace_id = $1
     ), counted as (
       ${noteChanges('$4', 'select $3::uuid as flow_id, count(*)::integer as change from made')}
     ), told as (
       insert into asset_term (workspace_id, term, asset_id)
       select w.workspace_id, t.term, made.id from workspace w cross join made
       cross join lateral string_to_table(btrim(made.search_text, e'\\n'), e'\\n') as t (term)
       where w.workspace_id = $1 and t.term <> '' order by t.term collate "C", made.id
     )
     select count(*) from made`,
    [rowsJson, flowId, newChangeId()],
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

const changesOfMove = `select flow_before as flow_id, -count(*)::integer as change from moved where flow_before <> $2::uuid group by 1
       union all select $2::uuid, count(*)::integer from moved where flow_before is distinct from $2::uuid`;

/**
 * Assets that were seen again: all that a rerun writes for those that did not change. Answers those that another source was the last to
 * see.
 */
export function moveSightings(flowId: string, source: SourceRow, ids: readonly string[]): Statement<SeenBefore> {
  return sql(
    'asset.moveSightings',
    `with before as (
       select b.asset_id, b.flow_id, b.last_seen_at from asset_sighting b
       where b.workspace_id = $1 and b.asset_id = any($3::uuid[]) for update
     ), moved as (
       update asset_sighting s set flow_id = $2::uuid, last_seen_at = now() from before
       where s.workspace_id = $1 and s.asset_id = before.asset_id
       returning s.asset_id, before.flow_id as flow_before, before.last_seen_at as seen_before
     ), counted as (
       ${noteChanges('$6', changesOfMove)}
     )
     select asset_id, flow_before, seen_before from moved
     where flow_before <> $2::uuid and flow_before <> all (array(${flowsOfSource(4, 5)}))`,
    [flowId, ids, source.id, source.name, newChangeId()],
    (row) => ({
      assetId: row['asset_id'] as string,
      flowId: row['flow_before'] as string,
      at: row['seen_before'] as Date,
    }),
  );
}

export function insertTerms(terms: readonly AssetTerm[]): Statement {
  const { text, values } = bulkInsert({
    into: 'asset_term',
    entries: terms,
    columns: {
      term: { type: 'text', of: ({ term }) => term },
      asset_id: { type: 'uuid', of: ({ assetId }) => assetId },
    },
  });
  return sql('asset.insertTerms', text, values);
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

export function toAssetToChange(row: Row): AssetToChange {
  return {
    ...toKnownAsset(row),
    ...toAssetContent(row),
    editedFields: row['edited_fields'] as string[],
    searchText: row['search_text'] as string,
  };
}

function toCandidate(row: Row): Candidate {
  return {
    ...toKnownAsset(row),
    soughtBy: row['sought_by'] as string,
    kind: row['kind'] as string,
    scope: row['scope'] as string | null,
    hostname: row['hostname'] as string | null,
    ipAddress: row['ip_address'] as string | null,
    flowId: row['flow_id'] as string | null,
  };
}
