export type { AlertRow } from '../storage/AlertRow.js';
export type { AlertRuleRow } from '../storage/AlertRuleRow.js';
export type { HistoryRow } from '../storage/HistoryRow.js';
export type { InstanceRow } from '../storage/InstanceRow.js';
export type { AlertFacetRecord } from '../storage/alertStatements.js';
export type { SilenceRow } from '../storage/SilenceRow.js';
export type { RouteRow, RouteStep } from '../storage/RouteRow.js';
export type { RouteDefinition } from './checkRoutes.js';
