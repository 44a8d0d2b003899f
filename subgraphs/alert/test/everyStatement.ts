import type { Database, Statement } from '@tributary/data';
import * as alerts from '../src/storage/alertStatements.js';
import * as alertWrites from '../src/storage/transitionStatements.js';
import { AlertRow } from '../src/storage/AlertRow.js';
import { AlertRuleRow } from '../src/storage/AlertRuleRow.js';
import * as alertsExisting from '../src/storage/existingStatements.js';
import * as rules from '../src/storage/ruleStatements.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);

/** Classes of the tables that storage/ reads through TypeORM. */
export const entities = [AlertRow, AlertRuleRow];

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(database: Database): Statement<unknown>[] {
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
