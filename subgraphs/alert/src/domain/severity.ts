import type { AlertSeverity } from '../storage/AlertRow.js';

const ascending: readonly AlertSeverity[] = ['INFO', 'WARNING', 'CRITICAL'];

/** This severity and every graver one. */
export function severitiesFrom(least: AlertSeverity): AlertSeverity[] {
  return ascending.slice(ascending.indexOf(least));
}
