export type { AlertRow } from '../storage/AlertRow.js';
export type { AlertRuleRow, RuleScope } from '../storage/AlertRuleRow.js';
