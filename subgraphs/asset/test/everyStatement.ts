import type { Statement } from '@tributary/data';
import { criteriaOf } from '../src/domain/assetFilter.js';
import { allColumns, assetColumns } from '../src/storage/assetColumns.js';
import * as assets from '../src/storage/assetStatements.js';
import * as assetFigures from '../src/storage/assetFigureStatements.js';
import * as chunks from '../src/storage/chunkStatements.js';
import * as credentials from '../src/storage/credentialStatements.js';
import * as connect from '../src/storage/connectStatements.js';
import * as dependencies from '../src/storage/dependencyStatements.js';
import * as flowCounts from '../src/storage/flowCountStatements.js';
import * as impact from '../src/storage/impactStatements.js';
import * as map from '../src/storage/mapStatements.js';
import * as missing from '../src/storage/missingStatements.js';
import * as neighbourhood from '../src/storage/neighbourhoodStatements.js';
import * as settle from '../src/storage/settleStatements.js';
import * as sources from '../src/storage/sourceStatements.js';
import * as inventory from '../src/storage/inventoryStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(): Statement<unknown>[] {
  const all = criteriaOf({});
  const narrow = criteriaOf({ kind: ['SERVER'], search: 'some words', discoveredByFlowId: [`flow_${id}`] });
  const key = { flowId: id, kind: 'inventory', chunk: 0 } as const;
  const source = { id, key: 'key', name: 'name' };
  const orders: [assets.ListOrder, assets.ListPosition][] = [
    ['NAME_ASC', ['a', id]],
    ['NAME_DESC', ['a', id]],
    ['LAST_SEEN_DESC', [at.toISOString(), id]],
    ['CREATED_DESC', [id]],
    ['KIND_ASC', ['SERVER', 'a', id]],
    ['CRITICALITY_DESC', ['HIGH', 'a', id]],
  ];
  return [
    ...orders.flatMap(([order, position]) => [
      assets.listAssets(allColumns, all, order, null, 1),
      assets.listAssets(assetColumns([]), narrow, order, position, 1),
    ]),
    ...(['ASSETS_NEW', 'ASSETS_UNMAPPED', 'ASSETS_MISSING', 'ASSETS_CHANGED_SHARE'] as const).flatMap((measure) =>
      ([null, 'ASSET', 'ASSET_KIND', 'SOURCE'] as const).map((groupBy) =>
        assetFigures.assetFigures(measure, groupBy, { firstEnd: at, count: 1, stepMs: 1_000, windowMs: 1_000 }, 1),
      ),
    ),
    assets.countAssets(all),
    assets.countAssets(narrow),
    assets.assetsByIds(allColumns, []),
    assets.assetsByIds(assetColumns([]), []),
    assets.existingAssets([]),
    assets.countFacets(all, 1),
    assets.countFacets(narrow, 1),
    assets.assetsOfFlows(allColumns, [], all, null, 1),
    assets.assetsOfFlows(assetColumns([]), [], narrow, id, 1),
    assets.countTags(all, 1),
    assets.countTags(narrow, 1),
    map.countGroups(['kind', 'department'], all, 1),
    map.countGroups(['kind'], narrow, 1),
    map.countLinks(['kind', 'department'], all, 1, 1),
    map.countLinks(['kind'], narrow, 1, 1),
    map.hasFewEdges(1),
    neighbourhood.neighboursOf([], [0, 1], 1, 1, 1),
    neighbourhood.edgesAmong([], 1),
    assets.countAssetsOfFlows([], narrow),
    chunks.claimChunk(key),
    chunks.recordChunk(key, {}),
    chunks.outcomeOfChunk(key),
    chunks.deleteChunks(at, 1),
    credentials.assetsBehind(id, 1),
    connect.assetsByNames([]),
    connect.assetsByKeys([]),
    connect.assetsByAddresses([]),
    connect.assetsByOtherForm([]),
    connect.ensurePlaceholders(id, []),
    connect.upsertDependencies(id, id, []),
    dependencies.dependenciesOf([], [0, 1], null, 1),
    dependencies.dependenciesOf([], [0, 1], { side: 0, otherId: id, kind: 'RUNS_ON' }, 1),
    dependencies.countDependenciesOf([], [0, 1]),
    flowCounts.countsOfFlows([]),
    flowCounts.flowsInParts([], 1),
    flowCounts.addUpParts(id),
    impact.impactOf([], 1, 1, null, 1),
    impact.countImpactOf([], 1, 1),
    inventory.knownByKeys([]),
    inventory.candidatesByKeys([]),
    inventory.candidatesByName([]),
    inventory.insertKeys([]),
    inventory.lockForChange([]),
    inventory.insertAssets(id, '[]'),
    inventory.updateAssets('[]'),
    inventory.updateFingerprints([], []),
    inventory.moveSightings(id, source, []),
    missing.earlierFlows(id, source),
    missing.absentAssets(id, [], null, 1),
    missing.absentOfSeveral(id, [], [], null, 1),
    missing.lockAbsent(id, []),
    missing.withdraw([], []),
    missing.countMissing(id, []),
    missing.retireMissing([]),
    missing.comeBack(id, []),
    missing.missingPlaceholders([]),
    missing.missingSince([]),
    missing.countShown(id, [], 1),
    settle.staleEdges({ flowId: id, sourceIds: [], kinds: [], rowsAreDependencies: true }, null, 1),
    settle.deleteSaid(id, []),
    settle.lockEdges([]),
    settle.deleteUnsaid([]),
    sources.noteFlow(id, source),
    sources.idsOfSource(source),
    sources.noteOtherSources(id, source, []),
    sources.sourcesOfAssets([]),
    sources.sourcesOfDependencies([]),
    inventory.insertTerms([]),
    inventory.deleteTerms([]),
  ];
}
