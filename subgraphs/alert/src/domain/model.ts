export type { AlertRow, AlertSeverity, AlertStatus } from '../storage/AlertRow.js';
export type { AlertDimension, AlertMetric, AlertRuleRow, Comparison, RuleScope } from '../storage/AlertRuleRow.js';
