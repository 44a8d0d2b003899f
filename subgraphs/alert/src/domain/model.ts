export type { AlertRow } from '../storage/AlertRow.js';
export type { AlertRuleRow } from '../storage/AlertRuleRow.js';
