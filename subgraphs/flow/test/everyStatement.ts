import type { Database, Statement, WorkspaceTransaction } from '@tributary/data';
import { DiscoveryFlowRow } from '../src/storage/DiscoveryFlowRow.js';
import { FieldMappingRow } from '../src/storage/FieldMappingRow.js';
import { FlowPhaseRow } from '../src/storage/FlowPhaseRow.js';
import { FlowRow } from '../src/storage/FlowRow.js';
import { SourceDefinitionRow } from '../src/storage/SourceDefinitionRow.js';
import * as credentials from '../src/storage/credentialStatements.js';
import * as definitions from '../src/storage/definitionStatements.js';
import * as discovery from '../src/storage/discoveryStatements.js';
import * as flowFigures from '../src/storage/flowFigureStatements.js';
import * as flowList from '../src/storage/flowListStatements.js';
import * as phases from '../src/storage/phaseStatements.js';
import * as flowReads from '../src/storage/flowStatements.js';
import * as memory from '../src/storage/mappingStatements.js';
import { noteReport } from '../src/storage/runnerStatements.js';
import * as uploads from '../src/storage/uploadStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);

/** Classes of the tables that storage/ reads through TypeORM. */
export const entities = [DiscoveryFlowRow, FieldMappingRow, FlowPhaseRow, FlowRow, SourceDefinitionRow];

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(database: Database): Statement<unknown>[] {
  const filter = { statuses: [], kinds: [], createdAfter: at, createdBefore: at, words: ['a'], creatorIds: [id] };
  return [
    ...(
      [
        ['FLOWS_FAILED', 'FLOW_KIND'],
        ['FLOW_RUNNING_SECONDS', 'FLOW'],
        ['FLOW_WAITING_SECONDS', null],
        ['PERSONAL_DATA_FOUND', 'SOURCE'],
      ] as const
    ).map(([measure, groupBy]) =>
      flowFigures.flowFigures(measure, groupBy, { firstEnd: at, count: 1, stepMs: 1_000, windowMs: 1_000 }, 1),
    ),
    flowFigures.discoveryEnds(at, at, 1),
    flowList.listFlows(database, filter, 'CREATED_DESC', { createdAt: at, id }, 1),
    flowList.listFlows(database, filter, 'NAME_ASC', { name: 'a', id }, 1),
    flowList.countFlowFacets(filter, 1),
    flowList.countFlows(filter),
    flowReads.flowsById(database, []),
    flowReads.phasesOf(database, []),
    flowReads.discoveriesOf(database, []),
    flowReads.mappingsOf(database, []),
    flowReads.rejectedRowsOf([], 0, 1),
    flowReads.rejectedCountsOf([]),
    flowReads.snapshotOf(id),
    flowReads.existingFlows([]),
    memory.recallDecisions([]),
    discovery.readProfile(id),
    definitions.listDefinitions(database, id, 1),
    definitions.countDefinitions(),
    definitions.definitionsById(database, []),
    definitions.existingDefinitions([]),
    definitions.deleteDefinition(database.table(SourceDefinitionRow), id),
    discovery.profilesOf([]),
    discovery.readSource(id),
    uploads.findUpload(id),
    credentials.rejectedRowsBehind(id, 0, 1),
    credentials.replaceRejectedRows([], [], [], []),
    credentials.profilesBehind(id, 1),
    credentials.replaceProfiles([], []),
  ];
}

/** What storage/ sends by itself. */
export async function writeEverything(transaction: WorkspaceTransaction): Promise<void> {
  await discovery.writeCounts(transaction, id, {});
  await discovery.writeProfile(transaction, id, { format: 'CSV' });
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
}
