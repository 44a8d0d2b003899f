import type { Database, Statement } from '@tributary/data';
import * as alerts from '../src/storage/alertStatements.js';
import * as alertWrites from '../src/storage/transitionStatements.js';
import { AlertRow } from '../src/storage/AlertRow.js';
import { AlertRuleRow } from '../src/storage/AlertRuleRow.js';
import * as alertsExisting from '../src/storage/existingStatements.js';
import { HistoryRow } from '../src/storage/HistoryRow.js';
import * as history from '../src/storage/historyStatements.js';
import { InstanceRow } from '../src/storage/InstanceRow.js';
import * as instances from '../src/storage/instanceStatements.js';
import * as rules from '../src/storage/ruleStatements.js';
import * as groups from '../src/storage/groupStatements.js';
import { RouteRow } from '../src/storage/RouteRow.js';
import * as routes from '../src/storage/routeStatements.js';
import { SilenceRow } from '../src/storage/SilenceRow.js';
import * as silences from '../src/storage/silenceStatements.js';
import * as workspaces from '../src/storage/workspaceStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);

/** Classes of the tables that storage/ reads through TypeORM. */
export const entities = [AlertRow, AlertRuleRow, HistoryRow, InstanceRow, RouteRow, SilenceRow];

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(database: Database): Statement<unknown>[] {
  const group = { routeId: id, groupKey: 'a' };
  const silenceTable = database.table(SilenceRow);
  const instanceTable = database.table(InstanceRow);
  const [table, ruleTable] = [database.table(AlertRow), database.table(AlertRuleRow)];
  const every = { status: [], severity: [], ruleId: [], flowId: [], assetId: [] };
  const filter = { ...every, words: ['a'], seenAfter: at, seenBefore: at };
  const behind = { lastSeenAt: at, id };
  return [
    alerts.listAlerts(table, filter, behind, 1),
    alerts.listAlerts(table, {}, null, 1),
    alerts.countAlerts(filter),
    alerts.countAlertFacets(filter),
    alerts.countAlertFacets({}),
    alerts.listAlertsOf(table, 'flow', [id], behind, 1),
    alerts.listAlertsOf(table, 'asset', [id], null, 1),
    alerts.countAlertsOf('flow', [id]),
    alerts.alertsById(database, [id]),
    alertWrites.lockOpenAlerts(table, []),
    alertWrites.lockOpenAlertsOfRule(table, id),
    alertWrites.insertAlerts(table, at, []),
    alertWrites.repeatAlerts(table, at, []),
    alertWrites.resolveAlerts(table, at, [], 'NO_DATA'),
    alertWrites.reopenAlerts(table, at, []),
    alertWrites.noteAlerts(table, [], {}),
    alertWrites.noteSilence([]),
    alertWrites.escalateAlerts(table, [], 'INFO'),
    alertWrites.correctAlerts(table, [], { retracted: true }),
    alertWrites.expireAcknowledgements(table, 0),
    alertWrites.alertsOfRuleSince(table, id, at),
    history.insertHistory({ at, actor: { kind: 'system', part: 'x' }, kind: 'fired', comment: null }, []),
    history.listHistory(database.table(HistoryRow), [id], 0, 1),
    instances.instancesOfRules(instanceTable, [id]),
    instances.lockInstancesOfRules(instanceTable, [id]),
    instances.lockInstance(instanceTable, id, ''),
    instances.listInstancesOf(instanceTable, [id], null, null, 1),
    instances.countInstancesOf([id], null),
    instances.saveInstances([]),
    instances.saveChanges([]),
    instances.deleteInstances([]),
    instances.deleteInstancesOfRule(id),
    instances.insertTransitions([]),
    instances.transitionsFrom(id, at),
    instances.deleteTransitionsFrom(id, [], at),
    instances.deleteTransitions(id),
    instances.deleteOldTransitions(at, 1),
    workspaces.workspaceMadeAt(),
    silences.listSilences(silenceTable, null, at, null, 1),
    silences.countSilences(null, at),
    silences.countOpenSilences(at),
    silences.silencesById(silenceTable, []),
    silences.databaseClock(0),
    silences.activeSilences(silenceTable, 0),
    silences.lockDueSilences(silenceTable, at),
    silences.moveSilences([]),
    silences.openAlertsToMatch(),
    silences.suppressAlerts(table, []),
    silences.labelsOfRules(),
    routes.listRoutes(database.table(RouteRow)),
    routes.routingVersion(),
    routes.nextRoutingVersion(0),
    routes.deleteRoutes(),
    routes.deleteGroupsWithout([]),
    routes.deleteMembersWithout([]),
    groups.alertsToGroup(table, []),
    groups.openAlertsToGroup(table),
    groups.noteNews(at, []),
    groups.saveMembers([]),
    groups.groupsOf([]),
    groups.lockToldGroups(),
    groups.deleteEmptyGroups(),
    groups.lockDueGroup(group, at),
    groups.membersOf(group),
    groups.tellMembers(group, []),
    groups.deleteMembers(group, []),
    groups.saveGroup({ ...group, labels: {}, newsAt: null, notifiedAt: null, step: null }, null),
    groups.deleteGroup(group),
    groups.noteStep(table, []),
    alertsExisting.existingAlerts([]),
    alertsExisting.existingSilences([]),
    alertsExisting.existingRules([]),
    rules.listRules(database, id, 1),
    rules.makeRulesDue([]),
    rules.listRules(database, null, 1),
    rules.countRules(),
    rules.rulesById(database, []),
    rules.deleteRule(ruleTable, id),
    rules.claimRules(ruleTable, [id], 1),
    rules.lockClaimedRules([]),
    rules.releaseRules([]),
    rules.finishEvaluations([]),
  ];
}
