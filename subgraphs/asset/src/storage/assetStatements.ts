import { heavy, Parameters, planOnce, recordSql, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { facetColumns, isOfAll, whereAssets, whereFacet, whereOthers } from './assetCriteria.js';
import type { AssetCriteria, FacetColumn } from './assetCriteria.js';
import type { AssetColumns, AssetPart } from './assetColumns.js';
import { recordTables } from './assetRecord.js';
import { planSearch } from './searchPlan.js';

export type ListOrder = 'NAME_ASC' | 'NAME_DESC' | 'LAST_SEEN_DESC' | 'CREATED_DESC' | 'KIND_ASC' | 'CRITICALITY_DESC';

/** Sort values of the row that a page goes on behind: those of the order, then the id. */
export type ListPosition = readonly (string | number | null)[];

interface OrderBy {
  readonly text: string;
  /** The same, over the columns that a select gave. */
  readonly outer: string;
  readonly behind: (position: ListPosition, parameters: Parameters) => string;
}

const orders: Record<ListOrder, OrderBy> = {
  NAME_ASC: {
    text: 'a.name_key, a.id',
    outer: 'name_key, id',
    behind: ([name, id], parameters) =>
      `(a.name_key, a.id) > (${parameters.add(name, 'text')}, ${parameters.add(id, 'uuid')})`,
  },
  NAME_DESC: {
    text: 'a.name_key desc, a.id desc',
    outer: 'name_key desc, id desc',
    behind: ([name, id], parameters) =>
      `(a.name_key, a.id) < (${parameters.add(name, 'text')}, ${parameters.add(id, 'uuid')})`,
  },
  LAST_SEEN_DESC: {
    text: 's.last_seen_at desc, s.asset_id desc',
    outer: 'last_seen_at desc, id desc',
    behind: ([at, id], parameters) =>
      `(s.last_seen_at, s.asset_id) < (${parameters.add(at, 'timestamptz')}, ${parameters.add(id, 'uuid')})`,
  },
  // UUIDv7 keys are in order of creation.
  CREATED_DESC: {
    text: 'a.id desc',
    outer: 'id desc',
    behind: ([id], parameters) => `a.id < ${parameters.add(id, 'uuid')}`,
  },
  KIND_ASC: {
    text: 'a.kind, a.name_key, a.id',
    outer: 'kind, name_key, id',
    behind: ([kind, name, id], parameters) =>
      `(a.kind, a.name_key, a.id) > (${parameters.add(kind, 'text')}, ${parameters.add(name, 'text')}, ${parameters.add(id, 'uuid')})`,
  },
  CRITICALITY_DESC: {
    text: `${rankOf('a.criticality')}, a.name_key, a.id`,
    outer: `${rankOf('criticality')}, name_key, id`,
    behind: ([criticality, name, id], parameters) =>
      `(${rankOf('a.criticality')}, a.name_key, a.id) > (${rankOf(parameters.add(criticality, 'text'))}, ${parameters.add(name, 'text')}, ${parameters.add(id, 'uuid')})`,
  },
};

/** Place of a criticality, the highest first: the expression of the index asset_criticality. */
function rankOf(criticality: string): string {
  return `(case ${criticality} when 'CRITICAL' then 1 when 'HIGH' then 2 when 'MEDIUM' then 3 when 'LOW' then 4 else 5 end)`;
}

/** The columns hold those that the order goes by. */
export function listAssets(
  asked: AssetColumns,
  criteria: AssetCriteria,
  order: ListOrder,
  position: ListPosition | null,
  limit: number,
): Statement<AssetPart> {
  const columns = order === 'LAST_SEEN_DESC' ? asked.with('sighting') : asked;
  const parameters = new Parameters();
  const { text, outer, behind } = orders[order];
  const search = planSearch(criteria, parameters);
  const where = whereAssets(criteria, parameters) + (position ? ` and ${behind(position, parameters)}` : '');
  const most = parameters.add(limit, 'int');
  const selects = search.branches.map(
    (branch) =>
      `select ${columns.text} from ${tablesFor(criteria, columns)} where a.workspace_id = $1${where}${branch} order by ${text} limit ${most}`,
  );
  const list =
    selects.length === 1 ? selects[0]! : `select * from (${inBrackets(selects)}) found order by ${outer} limit ${most}`;
  const statement = recordSql<AssetPart>('asset.list', search.with + list, parameters.values, columns.properties);
  if (isOfAll(criteria)) return planOnce(statement);
  return search.with === '' ? statement : heavy(statement);
}

export function countAssets(criteria: AssetCriteria): Statement<number> {
  const parameters = new Parameters();
  const search = planSearch(criteria, parameters);
  const where = whereAssets(criteria, parameters);
  const counts = search.branches.map(
    (branch) => `(select count(*) from ${tablesFor(criteria)} where a.workspace_id = $1${where}${branch})`,
  );
  return heavy(
    sql(
      'asset.count',
      `${search.with}select ${counts.join(' + ')} as count`,
      parameters.values,
      (row) => row['count'] as number,
    ),
  );
}

function inBrackets(selects: readonly string[]): string {
  return selects.map((select) => `(${select})`).join(' union all ');
}

export function assetsByIds(columns: AssetColumns, ids: readonly string[]): Statement<AssetPart> {
  const tables = columns.has('sighting') ? recordTables : 'asset a';
  return planOnce(
    recordSql(
      'asset.byIds',
      `select ${columns.text} from ${tables} where a.workspace_id = $1 and a.id = any($2::uuid[])`,
      [ids],
      columns.properties,
    ),
  );
}

export function existingAssets(ids: readonly string[]): Statement<string> {
  return sql(
    'asset.existing',
    `select id from asset where workspace_id = $1 and id = any($2::uuid[])`,
    [ids],
    (row) => row['id'] as string,
  );
}

export interface FacetRecord {
  readonly facet: FacetColumn;
  readonly value: string | null;
  readonly count: number;
}

/** Counts of the commonest values of each facet under all filters but the facet's own, commonest first. */
export function countFacets(criteria: AssetCriteria, most: number): Statement<FacetRecord> {
  const parameters = new Parameters();
  const limit = parameters.add(most, 'int');
  const search = planSearch(criteria, parameters);
  const where = whereOthers(criteria, parameters);
  const cubes = search.branches.map(
    (branch) => `select ${facetColumns.map((facet) => `a.${facet}`).join(', ')}, count(*) as found
      from ${tablesFor(criteria)} where a.workspace_id = $1${where}${branch} group by ${facetColumns.map((_, index) => index + 1).join(', ')}`,
  );
  const withCube = `${search.with === '' ? 'with' : `${search.with},`} cube as materialized (${inBrackets(cubes)})`;
  const counts = facetColumns.map((facet) => {
    const others = facetColumns
      .filter((other) => other !== facet)
      .map((other) => whereFacet(criteria, other, `cube.${other}`, parameters))
      .join('');
    return `(select '${facet}' as facet, ${facet} as value, sum(found)::bigint as count from cube where true${others}
      group by ${facet} order by 3 desc, 2 limit ${limit})`;
  });
  return heavy(
    sql('asset.facets', `${withCube} ${counts.join(' union all ')}`, parameters.values, (row) => ({
      facet: row['facet'] as FacetColumn,
      value: row['value'] as string | null,
      count: row['count'] as number,
    })),
  );
}

export interface TagRecord {
  readonly value: string;
  readonly count: number;
}

/** How many of the assets have each tag, letter case aside, commonest first, at most `most`. */
export function countTags(criteria: AssetCriteria, most: number): Statement<TagRecord> {
  const parameters = new Parameters();
  const limit = parameters.add(most, 'int');
  const search = planSearch(criteria, parameters);
  const where = whereAssets(criteria, parameters);
  const tags = search.branches.map(
    (branch) => `select unnest(a.tags) as tag from ${tablesFor(criteria)} where a.workspace_id = $1${where}${branch}`,
  );
  return heavy(
    sql(
      'asset.tags',
      `${search.with}select min(tag) as value, count(*) as count from (${inBrackets(tags)}) tagged (tag)
       group by lower(tag) order by 2 desc, 1 limit ${limit}`,
      parameters.values,
      (row) => ({ value: row['value'] as string, count: row['count'] as number }),
    ),
  );
}

export type AssetOfFlow = AssetPart & {
  /** Bare uuid of the flow in whose list it is. */
  readonly ofFlow: string;
};

/**
 * For each of the flows the first assets that it was the last to see, oldest asset first, behind the asset `after`.
 * The inner select hides how many flows there are: knowing that it is one, PostgreSQL would plan anew at each page.
 */
export function assetsOfFlows(
  columns: AssetColumns,
  flowIds: readonly string[],
  criteria: AssetCriteria,
  after: string | null,
  limit: number,
): Statement<AssetOfFlow> {
  const parameters = new Parameters();
  const flows = parameters.add(flowIds, 'uuid[]');
  const where = whereAssets(criteria, parameters) + (after ? ` and s.asset_id > ${parameters.add(after, 'uuid')}` : '');
  const statement = recordSql<AssetOfFlow>(
    'asset.ofFlows',
    `select flow.id as of_flow, page.* from unnest((select ${flows})) as flow (id) cross join lateral (
       select ${columns.text} from ${recordTables}
       where a.workspace_id = $1 and s.flow_id = flow.id${where} order by s.asset_id limit ${wholeNumber(limit)}
     ) page`,
    parameters.values,
    propertiesOfFlows(columns),
  );
  return isOfAll(criteria) ? planOnce(statement) : statement;
}

const withFlow = new WeakMap<AssetColumns, ReadonlyMap<string, string>>();

function propertiesOfFlows(columns: AssetColumns): ReadonlyMap<string, string> {
  let properties = withFlow.get(columns);
  if (!properties) withFlow.set(columns, (properties = new Map([...columns.properties, ['of_flow', 'ofFlow']])));
  return properties;
}

export interface CountOf {
  readonly id: string;
  readonly count: number;
}

/** How many of each flow's assets the criteria let through; `countsOfFlows` says how many there are in all. */
export function countAssetsOfFlows(flowIds: readonly string[], criteria: AssetCriteria): Statement<CountOf> {
  const parameters = new Parameters();
  const flows = parameters.add(flowIds, 'uuid[]');
  const where = whereAssets(criteria, parameters);
  return heavy(
    sql(
      'asset.countSomeOfFlows',
      `select s.flow_id as id, count(*) from ${recordTables} where a.workspace_id = $1 and s.flow_id = any(${flows})${where} group by s.flow_id`,
      parameters.values,
      toCount,
    ),
  );
}

export function toCount(row: Record<string, unknown>): CountOf {
  return { id: row['id'] as string, count: row['count'] as number };
}

/**
 * A limit as it stands in the text. As a parameter PostgreSQL would take the plan for any limit to be the dearer one, and plan the statement
 * anew each time; there are no more than 101 of these.
 */
function wholeNumber(limit: number): string {
  if (!Number.isInteger(limit)) throw new Error('A limit is a whole number.');
  return String(limit);
}

/** Each asset has one sighting, so they are joined only where something of them is asked for. */
function tablesFor(criteria: AssetCriteria, columns?: AssetColumns): string {
  return criteria.flowIds || columns?.has('sighting') ? recordTables : 'asset a';
}
