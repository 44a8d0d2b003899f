import { tracesIngestedPayload } from '@tributary/contracts/payloads';
import type { WorkspaceTransaction } from '@tributary/data';
import type { LoggedEvent } from '@tributary/events';
import {
  addToCells,
  addToFlows,
  addToSessions,
  noteFirstSight,
  touchDays,
  unsealDays,
} from '../../storage/rollup/passStatements.js';
import type { Batches } from '../../storage/rollup/passStatements.js';
import { deleteDayCells } from '../../storage/rollup/sealStatements.js';
import { rollupName } from '../../storage/rollup/position.js';
import { firstIdAt } from '../../storage/traceId.js';

export interface RollupOptions {
  /** How long traces are gathered. */
  readonly everyMs: number;
  /** Traces of one pass, so that each of its statements stays far below the limit of time. */
  readonly maxTraces: number;
}

export const defaultRollup: RollupOptions = { everyMs: 2_000, maxTraces: 50_000 };

/** What the roll-up is as a consumer, whoever runs it and however much it takes at once. */
export const rollupConsumer = {
  name: rollupName,
  stream: 'traces',
  types: ['traces.ingested'],
  /** How many traces an event brings. */
  weigh: ({ payload }: LoggedEvent) => Number(payload['accepted']),
} as const;

/**
 * Takes batches into the cells, flows and sessions, in the transaction that moves the roll-up's place behind them: whoever reads, sees
 * their traces either in cells or among those that are in none.
 */
export async function rollUp(transaction: WorkspaceTransaction, events: readonly LoggedEvent[]): Promise<void> {
  const batches = batchesOf(events);
  const days = await transaction.query(touchDays(batches, new Date().toISOString().slice(0, 10)));
  const sealed = days.filter(({ isSealed }) => isSealed).map(({ day }) => day);
  if (sealed.length > 0) {
    await transaction.query(deleteDayCells(sealed));
    await transaction.query(unsealDays(sealed));
  }
  if (days.some(({ grain }) => grain !== 'RAW')) await transaction.query(addToCells(batches, 'HOUR'));
  if (days.some(({ grain }) => grain === 'FIVE_MINUTES')) await transaction.query(addToCells(batches, 'FIVE_MINUTES'));
  await transaction.query(addToFlows(batches));
  await transaction.query(addToSessions(batches));
  await transaction.query(noteFirstSight(batches));
}

function batchesOf(events: readonly LoggedEvent[]): Batches {
  const told = events.map(({ payload }) => tracesIngestedPayload.parse(payload));
  const starts = told.flatMap((each) => [Date.parse(each.firstStartedAt), Date.parse(each.lastStartedAt)]);
  return {
    ids: told.map(({ batchId }) => batchId),
    first: firstIdAt(new Date(Math.min(...starts))),
    end: firstIdAt(new Date(Math.max(...starts) + 1)),
  };
}
