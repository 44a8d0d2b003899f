import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { FoundAsset } from '@tributary/contracts/commands';
import { boundValues } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { criteriaOf } from '../src/domain/assetFilter.js';
import type { AssetFilter } from '../src/domain/assetFilter.js';
import { assetOrders } from '../src/domain/assetValues.js';
import { allColumns, assetColumns } from '../src/storage/assetColumns.js';
import {
  assetsByIds,
  assetsOfFlows,
  countAssets,
  countAssetsOfFlows,
  countFacets,
  listAssets,
} from '../src/storage/assetStatements.js';
import type { ListOrder } from '../src/storage/assetStatements.js';
import { assetsByNames } from '../src/storage/connectStatements.js';
import { dependenciesOf } from '../src/storage/dependencyStatements.js';
import { countsOfFlows } from '../src/storage/flowCountStatements.js';
import { impactOf } from '../src/storage/impactStatements.js';
import { candidatesByKeys, candidatesByName, knownByKeys, moveSightings } from '../src/storage/inventoryStatements.js';
import { absentAssets, comeBack, countMissing } from '../src/storage/missingStatements.js';
import { deleteUnsaid, staleEdges } from '../src/storage/settleStatements.js';
import { sourcesOfAssets, sourcesOfDependencies } from '../src/storage/sourceStatements.js';
import { discovery, startAssetWorld } from './assetWorld.js';
import type { AssetWorld, Discovery } from './assetWorld.js';

const count = 20_000;
const departments = 40;

let world: AssetWorld;
let acme: string;
let rare: Discovery;
let common: Discovery;
let app: pg.Client;

beforeAll(async () => {
  world = await startAssetWorld();
  acme = newUuid();
  common = discovery(world, acme);
  rare = discovery(world, acme);
  for (let start = 0; start < count; start += 2_000) {
    const chunk = Array.from({ length: 2_000 }, (_, index) => assetNumber(start + index));
    await common.find(chunk);
  }
  await rare.find([
    {
      ...assetNumber(1),
      kind: 'STORAGE',
      status: 'RETIRED',
      criticality: 'CRITICAL',
      environment: 'lab',
      department: 'Museum',
    },
  ]);
  await common.connect(
    Array.from({ length: 4_000 }, (_, index) => ({ from: `asset-${index}`, to: `asset-${index >> 2}` })),
  );
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  for (let neighbour = 0; neighbour < 4; neighbour += 1) await copyWorkspace(admin, newUuid());
  await admin.query('vacuum analyze asset, asset_sighting, asset_term, asset_dependency, asset_dependency_source');
  await admin.end();
  app = new pg.Client({ connectionString: world.testDatabase.appUrl });
  await app.connect();
}, 120_000);

afterAll(async () => {
  await app.end();
  await world[Symbol.asyncDispose]();
});

/** The tables hold more than one workspace, as they do in life. */
async function copyWorkspace(admin: pg.Client, workspaceId: string): Promise<void> {
  for (const table of ['asset', 'asset_sighting', 'asset_term', 'asset_dependency', 'asset_dependency_source']) {
    const { rows } = await admin.query<{ columns: string }>(
      `select string_agg(attname, ', ') as columns from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'workspace_id'`,
      [table],
    );
    const { columns } = rows[0]!;
    await admin.query(
      `insert into ${table} (workspace_id, ${columns}) select $1, ${columns} from ${table} where workspace_id = $2`,
      [workspaceId, acme],
    );
  }
}

function assetNumber(number: number): Partial<FoundAsset> & { name: string } {
  return {
    name: `asset-${number}`,
    kind: number % 3 === 0 ? 'SERVER' : 'VIRTUAL_MACHINE',
    environment: ['prod', 'test'][number % 2]!,
    department: `Department ${number % departments}`,
    criticality: (['LOW', 'HIGH'] as const)[number % 2]!,
    externalId: `id-${number}`,
    hostname: `host-${number}.acme.example`,
    tags: number % 5_000 === 7 ? ['seldom'] : [],
  };
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

/** Runs the statement as the API does, under row-level security, and answers its plan. */
async function planOf(statement: Statement<unknown>): Promise<PlanNode[]> {
  await app.query('begin');
  await app.query(`select set_config('app.workspace_id', $1, true)`, [acme]);
  try {
    const { rows } = await app.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
      `explain (analyze, format json) ${statement.text}`,
      boundValues(statement, acme),
    );
    const nodes: PlanNode[] = [];
    const collect = (node: PlanNode) => {
      nodes.push(node);
      node.Plans?.forEach(collect);
    };
    collect(rows[0]!['QUERY PLAN'][0]!.Plan);
    return nodes;
  } finally {
    await app.query('rollback');
  }
}

/** A row for each source, or for each import. */
const small = new Set<string | undefined>(['inventory_source', 'inventory_flow']);

function scannedWhole(plan: PlanNode[]): unknown[] {
  return plan
    .filter((node) => node['Node Type'] === 'Seq Scan' && node['Actual Loops'] > 0 && !small.has(node['Relation Name']))
    .map((node) => node['Relation Name']);
}

/** Rows that the plan's scans looked at. */
function rowsTouched(plan: PlanNode[]): number {
  return plan
    .filter((node) => node['Relation Name'])
    .reduce(
      (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    );
}

const filters: [string, () => AssetFilter][] = [
  ['nothing', () => ({})],
  ['a common kind', () => ({ kind: ['VIRTUAL_MACHINE'] })],
  ['a rare kind', () => ({ kind: ['STORAGE'] })],
  ['a common state', () => ({ status: ['ACTIVE'] })],
  ['a rare state', () => ({ status: ['RETIRED', 'INACTIVE'] })],
  ['a common environment', () => ({ environment: ['prod'] })],
  ['a rare environment', () => ({ environment: ['lab'] })],
  ['a department', () => ({ department: ['Department 7'] })],
  ['a rare department', () => ({ department: ['Museum'] })],
  ['a common level', () => ({ criticality: ['LOW', 'HIGH'] })],
  ['a rare level', () => ({ criticality: ['CRITICAL'] })],
  [
    'all of these',
    () => ({
      kind: ['SERVER'],
      status: ['ACTIVE'],
      environment: ['prod'],
      department: ['Department 3'],
      criticality: ['HIGH'],
    }),
  ],
  ['a flow that saw nearly all', () => ({ discoveredByFlowId: [common.flowId] })],
  ['a flow that saw one', () => ({ discoveredByFlowId: [rare.flowId] })],
  ['a word', () => ({ search: 'host-777' })],
  ['a word of every asset', () => ({ search: 'acme' })],
  ['a word of every asset and a rare one', () => ({ search: 'acme host-777' })],
  ['a tag', () => ({ tags: ['seldom'] })],
];

describe.each(
  assetOrders.flatMap((order) => [
    { order, columns: allColumns, what: 'whole' },
    { order, columns: assetColumns([]), what: 'without what is not asked for' },
  ]),
)('a list in order $order, $what,', ({ order, columns }) => {
  test.each(filters)('filtered by %s reads by indexes', async (_, filter) => {
    const criteria = criteriaOf(filter());
    expect(scannedWhole(await planOf(listAssets(columns, criteria, order, null, 51)))).toEqual([]);
  });

  test('goes on from the middle without reading what is before', async () => {
    const middle: Record<ListOrder, (string | number)[]> = {
      NAME_ASC: ['asset-5', acme],
      NAME_DESC: ['asset-5', acme],
      LAST_SEEN_DESC: [new Date().toISOString(), acme],
      CREATED_DESC: [newUuid()],
      KIND_ASC: ['VIRTUAL_MACHINE', 'asset-5', acme],
      CRITICALITY_DESC: ['LOW', 'asset-5', acme],
    };
    const plan = await planOf(listAssets(columns, criteriaOf({}), order, middle[order], 51));
    expect(scannedWhole(plan)).toEqual([]);
    expect(rowsTouched(plan)).toBeLessThan(250);
  });
});

test('a rare value is found without walking all assets in order', async () => {
  for (const filter of [
    { kind: ['STORAGE'] },
    { status: ['RETIRED'] },
    { criticality: ['CRITICAL'] },
    { environment: ['lab'] },
  ] as AssetFilter[]) {
    expect(
      rowsTouched(await planOf(listAssets(assetColumns([]), criteriaOf(filter), 'NAME_ASC', null, 51))),
    ).toBeLessThan(1_000);
  }
});

test.each<[string, AssetFilter, number]>([
  ['a word of every asset', { search: 'acme' }, count],
  ['two words of every asset', { search: 'host asset' }, count],
  ['a rare word', { search: 'host-777' }, 11],
  ['a common word and a rare one', { search: 'acme host-777' }, 11],
  ['a common word and a rare tag', { search: 'acme', tags: ['seldom'] }, 4],
  ['a common word and another filter', { search: 'acme', kind: ['STORAGE'] }, 1],
  ['a word of none', { search: 'acme nobody' }, 0],
])('%s is found as often as it is there, and a page of it reads little', async (_, filter, expected) => {
  const criteria = criteriaOf(filter);
  const facets = await world.database.read({ workspaceId: acme }, countFacets(criteria, 100));
  const byLevel = facets.filter((facet) => facet.facet === 'criticality').reduce((sum, facet) => sum + facet.count, 0);
  expect(await world.database.read({ workspaceId: acme }, countAssets(criteria))).toEqual([expected]);
  expect(byLevel).toBe(expected);
  const list = listAssets(allColumns, criteria, 'NAME_ASC', null, 51);
  expect(await world.database.read({ workspaceId: acme }, list)).toHaveLength(Math.min(expected, 51));
  expect(rowsTouched(await planOf(list))).toBeLessThan(12_000);
});

test('all other reads and the writes of flows use indexes too', async () => {
  const { rows } = await readIds();
  const ids = rows.map((row) => row.id);
  const none = criteriaOf({});
  const names = Array.from({ length: 500 }, (_, index) => `asset-${index * 7}`);
  const source = { id: rare.uuid, key: 'key', name: 'servers.csv' };
  const edges = ids.map((fromId, index) => ({ fromId, toId: ids[index - 1] ?? fromId, kind: 'depends_on' }));
  const statements: [string, Statement<unknown>][] = [
    ['by id', assetsByIds(allColumns, ids)],
    ['of flows', assetsOfFlows(allColumns, [rare.uuid, common.uuid], none, null, 21)],
    ['count of a flow', countsOfFlows([rare.uuid])],
    ['count of a flow, narrowed down', countAssetsOfFlows([rare.uuid], criteriaOf({ kind: ['STORAGE'] }))],
    ['dependencies', dependenciesOf(ids, [0, 1], null, 11)],
    ['impact', impactOf(ids, 3, 100_000, null, 51)],
    ['names', assetsByNames([...names, 'id-77', 'host-5.acme.example'])],
    ['keys', knownByKeys(names.map((name) => `name:${name}`))],
    ['candidates', candidatesByName(names)],
    ['candidates by serial number', candidatesByKeys(names)],
    ['sources', sourcesOfAssets(ids)],
    ['sources of dependencies', sourcesOfDependencies(edges)],
    [
      'what is stale',
      staleEdges(
        { flowId: rare.uuid, sourceIds: [rare.uuid], kinds: ['depends_on'], rowsAreDependencies: true },
        null,
        100,
      ),
    ],
    ['what nobody says', deleteUnsaid(edges)],
    ['what is absent', absentAssets(rare.uuid, [rare.uuid], null, 100)],
    ['what is missing', countMissing(rare.uuid, ids)],
    ['what comes back', comeBack(rare.uuid, ids)],
    ['sightings', moveSightings(rare.uuid, source, ids)],
  ];
  for (const [what, statement] of statements) expect([what, scannedWhole(await planOf(statement))]).toEqual([what, []]);
});

async function readIds(): Promise<{ rows: { id: string }[] }> {
  await app.query('begin');
  await app.query(`select set_config('app.workspace_id', $1, true)`, [acme]);
  try {
    return await app.query<{ id: string }>('select id from asset order by id limit 50');
  } finally {
    await app.query('rollback');
  }
}
