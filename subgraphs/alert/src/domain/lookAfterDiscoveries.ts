import { flowEventPayload } from '@tributary/contracts/payloads';
import { alertMetrics } from '@tributary/contracts/values';
import type { WorkspaceTransaction } from '@tributary/data';
import type { LoggedEvent } from '@tributary/events';
import { makeRulesDue } from '../storage/ruleStatements.js';
import { subjectOf } from './ruleSubject.js';

const ofAssets = alertMetrics.filter((metric) => subjectOf(metric) === 'ASSETS');

/** Makes the rules over assets due when a discovery is over, well or not: it may have brought assets. */
export async function lookAfterDiscoveries(
  transaction: WorkspaceTransaction,
  events: readonly LoggedEvent[],
): Promise<void> {
  const isOver = events.some(({ payload }) => flowEventPayload.safeParse(payload).data?.kind === 'discovery');
  if (isOver) await transaction.query(makeRulesDue(ofAssets));
}
