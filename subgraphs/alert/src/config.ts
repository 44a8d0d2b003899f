import { readConfig, setting } from '@tributary/kernel';
import { z } from 'zod';
import type { AlertOptions } from './alert.js';

const atLeastOne = { error: 'must be 1 at least' };
const isSome = (count: number) => count >= 1;

/** How rules are evaluated: what a worker is told. */
export const alertSettings = z.object({
  ALERT_EVALUATORS: setting
    .count(4, 64)
    .refine(isSome, atLeastOne)
    .describe('alert rules that a worker evaluates side by side'),
  ALERT_LATE_HORIZON_SECONDS: setting
    .count(3_600, 86_400)
    .describe('how far back alerts are evaluated anew when data come late, in seconds; what is older is counted'),
  ALERT_CATCH_UP_TICKS: setting
    .count(360, 10_000)
    .refine(isSome, atLeastOne)
    .describe('evaluations of a rule that are made up for after an outage; older ones are left out and counted'),
  ALERT_HISTORY_DAYS: setting
    .count(90, 3_650)
    .refine(isSome, atLeastOne)
    .describe('how long the states of alert rules are kept, in days; what happened to alerts stays'),
});

/** Throws a ConfigError that names what is wrong. */
export function readAlertConfig(env: NodeJS.ProcessEnv = process.env): AlertOptions {
  const settings = readConfig(alertSettings, env);
  return {
    lanes: settings.ALERT_EVALUATORS,
    lateHorizonMs: settings.ALERT_LATE_HORIZON_SECONDS * 1_000,
    catchUpTicks: settings.ALERT_CATCH_UP_TICKS,
    historyDays: settings.ALERT_HISTORY_DAYS,
  };
}
