import { alertSeverities } from '@tributary/contracts/values';
import type { AlertSeverity } from '@tributary/contracts/values';

/** This severity and every graver one. */
export function severitiesFrom(least: AlertSeverity): AlertSeverity[] {
  return alertSeverities.slice(alertSeverities.indexOf(least));
}
