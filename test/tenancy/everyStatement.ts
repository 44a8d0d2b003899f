import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkspaceCipher } from '@tributary/data/encryption';
import { audit } from '@tributary/data/audit';
import { holdTurn, once, WorkspaceTransaction } from '@tributary/data';
import type { Database, Statement } from '@tributary/data';
import { appendEvents, readForward, readHead, readStreams } from '@tributary/events';
import { testKeyring } from '@tributary/kit';
import * as alerts from '../../subgraphs/alert/src/storage/alertStatements.js';
import * as alertWrites from '../../subgraphs/alert/src/storage/alertWrites.js';
import { AlertRow } from '../../subgraphs/alert/src/storage/AlertRow.js';
import { AlertRuleRow } from '../../subgraphs/alert/src/storage/AlertRuleRow.js';
import * as alertsExisting from '../../subgraphs/alert/src/storage/existing.js';
import * as rules from '../../subgraphs/alert/src/storage/ruleStatements.js';
import { criteriaOf } from '../../subgraphs/asset/src/domain/assetFilter.js';
import * as assets from '../../subgraphs/asset/src/storage/assetStatements.js';
import * as chunks from '../../subgraphs/asset/src/storage/chunkStatements.js';
import * as connect from '../../subgraphs/asset/src/storage/connectStatements.js';
import * as dependencies from '../../subgraphs/asset/src/storage/dependencyStatements.js';
import * as impact from '../../subgraphs/asset/src/storage/impactStatements.js';
import * as inventory from '../../subgraphs/asset/src/storage/inventoryStatements.js';
import { DiscoveryFlowRecord } from '../../subgraphs/flow/src/storage/DiscoveryFlowRecord.js';
import { FieldMappingRecord } from '../../subgraphs/flow/src/storage/FieldMappingRecord.js';
import { FlowPhaseRecord } from '../../subgraphs/flow/src/storage/FlowPhaseRecord.js';
import { FlowRecord } from '../../subgraphs/flow/src/storage/FlowRecord.js';
import * as discovery from '../../subgraphs/flow/src/storage/discoveryStore.js';
import * as flowList from '../../subgraphs/flow/src/storage/flowList.js';
import * as phases from '../../subgraphs/flow/src/storage/flowPhases.js';
import * as flowReads from '../../subgraphs/flow/src/storage/flowReads.js';
import * as memory from '../../subgraphs/flow/src/storage/mappingMemory.js';
import { noteReport } from '../../subgraphs/flow/src/storage/noteReport.js';
import * as uploads from '../../subgraphs/flow/src/storage/uploadStatements.js';
import * as figures from '../../subgraphs/metrics/src/storage/figureStatements.js';
import * as traces from '../../subgraphs/metrics/src/storage/traceStatements.js';
import { TraceRow } from '../../subgraphs/metrics/src/storage/TraceRow.js';
import * as sessions from '../../subgraphs/workspace/src/storage/sessionStatements.js';
import * as workspaces from '../../subgraphs/workspace/src/storage/workspaceStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);
const bytes = Buffer.alloc(0);

/** Classes of the tables that storage/ reads through TypeORM. */
export const entities = [
  AlertRow,
  AlertRuleRow,
  TraceRow,
  DiscoveryFlowRecord,
  FieldMappingRecord,
  FlowPhaseRecord,
  FlowRecord,
];

/** Every statement that storage/ of the subgraphs, the event log, the audit trail and idempotency make, with any values: their texts count. */
export async function everyStatement(database: Database): Promise<Statement<unknown>[]> {
  const read = [...ofAlerts(database), ...ofAssets(), ...ofFlows(database), ...ofMetrics(database), ...ofWorkspace()];
  return [
    ...read,
    readForward('flows', 0, 1),
    readHead('flows'),
    readStreams(['flows'], 1, false),
    ...(await written(database)),
  ];
}

/** Names of the statements that the sources of storage/ mention. */
export function namesInStorage(): string[] {
  const root = fileURLToPath(new URL('../../subgraphs', import.meta.url));
  const files = readdirSync(root).flatMap((subgraph) => {
    const folder = join(root, subgraph, 'src', 'storage');
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file));
  });
  const named = /(?:\b(?:sql|unfilteredSql)|\.(?:select|find|findById|insert|update))\(\s*'(\w+\.\w+)'/g;
  return files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(named)].map(([, name]) => name!));
}

function ofAlerts(database: Database): Statement<unknown>[] {
  const [table, ruleTable] = [database.table(AlertRow), database.table(AlertRuleRow)];
  const filter = { status: [], severity: [], ruleId: [], flowId: [], assetId: [] };
  const behind = { lastSeenAt: at, id };
  return [
    alerts.listAlerts(table, filter, behind, 1),
    alerts.listAlerts(table, {}, null, 1),
    alerts.countAlerts(filter),
    alerts.listAlertsOf(table, 'flow', [id], behind, 1),
    alerts.listAlertsOf(table, 'asset', [id], null, 1),
    alerts.countAlertsOf('flow', [id]),
    alerts.alertsById(database, [id]),
    alertWrites.lockOpenAlerts(table, []),
    alertWrites.lockOpenAlertsOfRule(table, id),
    alertWrites.insertAlerts(table, at, []),
    alertWrites.repeatAlerts(table, at, []),
    alertWrites.resolveAlerts(table, at, []),
    alertsExisting.existingAlerts([]),
    alertsExisting.existingRules([]),
    rules.listRules(database, id, 1),
    rules.listRules(database, null, 1),
    rules.countRules(),
    rules.rulesById(database, []),
    rules.deleteRule(ruleTable, id),
    rules.claimRule(ruleTable, id, 1),
    rules.lockClaimedRule({ id, evaluations: 0, version: 1 } as AlertRuleRow),
  ];
}

function ofAssets(): Statement<unknown>[] {
  const all = criteriaOf({});
  const narrow = criteriaOf({ kind: ['SERVER'], search: 'some words', discoveredByFlowId: [`flow_${id}`] });
  const key = { flowId: id, kind: 'inventory', chunk: 0 } as const;
  const orders: [assets.ListOrder, assets.ListPosition][] = [
    ['NAME_ASC', ['a', id]],
    ['NAME_DESC', ['a', id]],
    ['LAST_SEEN_DESC', [at.toISOString(), id]],
    ['CREATED_DESC', [id]],
  ];
  return [
    ...orders.flatMap(([order, position]) => [
      assets.listAssets(all, order, null, 1),
      assets.listAssets(narrow, order, position, 1),
    ]),
    assets.countAssets(all),
    assets.countAssets(narrow),
    assets.assetsByIds([]),
    assets.existingAssets([]),
    assets.countFacets(all, 1),
    assets.countFacets(narrow, 1),
    assets.assetsOfFlows([], all, null, 1),
    assets.assetsOfFlows([], narrow, id, 1),
    assets.countAssetsOfFlows([], all),
    assets.countAssetsOfFlows([], narrow),
    chunks.claimChunk(key),
    chunks.recordChunk(key, {}),
    chunks.outcomeOfChunk(key),
    chunks.deleteChunks(at, 1),
    connect.planAfresh(),
    connect.assetsByNames([]),
    connect.ensurePlaceholders(id, []),
    connect.upsertDependencies(id, []),
    dependencies.dependenciesOf([], [0, 1], null, 1),
    dependencies.dependenciesOf([], [0, 1], { side: 0, otherId: id, kind: 'RUNS_ON' }, 1),
    dependencies.countDependenciesOf([], [0, 1]),
    impact.impactOf([], 1, 1, null, 1),
    impact.countImpactOf([], 1, 1),
    inventory.knownByKeys([]),
    inventory.placeholdersByName([]),
    inventory.lockForChange([]),
    inventory.insertAssets(id, '[]'),
    inventory.updateAssets('[]'),
    inventory.updateFingerprints([], []),
    inventory.moveSightings(id, []),
    inventory.insertTerms([]),
    inventory.deleteTerms([]),
  ];
}

function ofFlows(database: Database): Statement<unknown>[] {
  const filter = { statuses: [], kinds: [], createdAfter: at, createdBefore: at };
  return [
    flowList.listFlows(database, filter, { createdAt: at, id }, 1),
    flowList.countFlows(filter),
    flowReads.flowsById(database, []),
    flowReads.phasesOf(database, []),
    flowReads.discoveriesOf(database, []),
    flowReads.mappingsOf(database, []),
    flowReads.rejectedRowsOf([], 0, 1),
    flowReads.rejectedCountsOf([]),
    flowReads.standingOf(id),
    flowReads.existingFlows([]),
    memory.recallDecisions([]),
    discovery.readProfile(id),
    discovery.readSource(id),
    uploads.findUpload(id),
  ];
}

function ofMetrics(database: Database): Statement<unknown>[] {
  const selection = { from: at, to: at, filter: { agent: [], flowId: [] } };
  const windows = { firstEnd: at, count: 1, stepMs: 1, windowMs: 1 };
  return [
    figures.totalsOfHalves(selection, at),
    figures.totalsOfFlows([]),
    figures.figures(selection, 'REQUESTS', 'AGENT', 1),
    figures.figures(selection, 'REQUESTS', null, 1),
    figures.series(selection, 'REQUESTS', 'HOUR', 'AGENT', 1),
    figures.series(selection, 'REQUESTS', 'HOUR', null, 1),
    figures.slidingFigures(selection, 'REQUESTS', null, windows),
    figures.breakdown(selection, 'AGENT', 1),
    traces.insertTraces([]),
    traces.listTraces(database, selection, { startedAt: at, id }, 1),
    traces.tracesById(database, []),
    traces.existingTraces([]),
  ];
}

function ofWorkspace(): Statement<unknown>[] {
  const token = { id, hash: bytes, expiresAt: at };
  return [
    sessions.holdRole(id),
    sessions.openSession(id, id, token),
    sessions.lockToken(id),
    sessions.rotateToken({ id, sessionId: id, at, salt: bytes, graceEndedBefore: at }, token),
    sessions.endSession(id, 'LOGOUT'),
    sessions.endSessionsOf(id, 'LOGOUT'),
    sessions.revoke(id, { kind: 'session', subject: id, at }),
    sessions.deleteTokens(at, 1),
    workspaces.lockSlugs(),
    workspaces.findSlug('acme'),
    workspaces.insertWorkspace('acme', 'Acme'),
    workspaces.lockWorkspace(),
    workspaces.setSettings({}),
    workspaces.setStatus('ACTIVE'),
    workspaces.lockOwners(),
    workspaces.deleteMember(id),
    workspaces.countMembers(),
    workspaces.countUsableKeys(),
    workspaces.noteKeyUsed(id),
  ];
}

/** What storage sends by itself, through a transaction that only listens. */
async function written(database: Database): Promise<Statement<unknown>[]> {
  const heard: Statement<unknown>[] = [];
  const transaction = new WorkspaceTransaction(id, {
    hints: { publish: () => undefined },
    cipher: new WorkspaceCipher(id, testKeyring()),
    run: (statement) => {
      heard.push(statement);
      return Promise.resolve([]);
    },
    table: (entity) => database.table(entity),
  });
  await discovery.writeCounts(transaction, id, {});
  await discovery.writeProfile(transaction, id, {});
  await discovery.insertSource(transaction, id, '');
  await discovery.insertRejectedRows(transaction, id, [{ line: 1, code: 'ROW', message: '', raw: {} }]);
  await discovery.replaceMappings(transaction, id, []);
  await discovery.readMappings(transaction, id);
  await discovery.deleteSource(transaction, id);
  await phases.insertPhases(transaction, id, [{ name: 'work', title: 'Work', weight: 1 }]);
  await phases.readPhases(transaction, id);
  await phases.updatePhase(transaction, id, 'work', { progress: 1, summary: {} });
  await memory.rememberDecisions(transaction, [{ sourceField: 'a', targetField: null }]);
  await noteReport(transaction, id, at);
  await uploads.useUpload(transaction, id, 1);
  await uploads.condemnUpload(transaction, id);
  await uploads.deleteUpload(transaction, id);
  appendEvents(transaction, 'flows', [{ type: 'tick', payload: {} }]);
  const actor = { kind: 'user', id } as const;
  audit(transaction, {
    actor,
    action: 'flow.start',
    entityType: 'flow',
    entityId: id,
    before: null,
    after: {},
    requestId: id,
  });
  await holdTurn(transaction, 'a job');
  // Nobody answers, so the key counts as used with another input.
  const keyed = { actor, field: 'startDiscovery', idempotencyKey: 'key', input: {} };
  await once(transaction, keyed, () => Promise.resolve(null)).catch(() => undefined);
  await transaction.finish();
  return heard;
}
