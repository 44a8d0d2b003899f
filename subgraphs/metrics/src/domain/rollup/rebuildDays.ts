import { setTimeout as delay } from 'node:timers/promises';
import { daysAfter } from '@tributary/data';
import type { Database, TenantScope, WorkspaceTransaction } from '@tributary/data';
import { holdRetention } from '../../storage/retentionStatements.js';
import { beginRollup, holdRollup } from '../../storage/rollup/position.js';
import { deleteHourCells, forgetDay, lockDay, recountDay } from '../../storage/rollup/rebuildStatements.js';
import { deleteDayCells } from '../../storage/rollup/sealStatements.js';
import { firstIdAt } from '../../storage/traceId.js';
import { cellsOfDay } from './cellsOfDay.js';
import { sealOpenDay } from './sealDays.js';

export interface RebuiltDay {
  /** UTC, `2026-11-27`. */
  readonly day: string;
  /** What its cells were said to hold, and what its traces are. */
  readonly counted: number;
  readonly traces: number;
  /** Its traces are no longer kept, so that nothing could be rebuilt: it is as it was. */
  readonly isGone: boolean;
}

const patienceMs = 100;

/**
 * Makes the cells of days anew from their traces, a day in a transaction: whoever reads meanwhile sees all of a day's cells as they were or
 * as they will be. Stopped anywhere it leaves whole days behind, and may be run again from any of them.
 */
export async function rebuildDays(
  database: Database,
  scope: TenantScope,
  from: string,
  to: string,
  onDay?: (day: RebuiltDay) => void,
): Promise<RebuiltDay[]> {
  const rebuilt: RebuiltDay[] = [];
  for (let day = from; day <= to; day = daysAfter(day, 1)) {
    const done = await rebuildDay(database, scope, day);
    if (!done) continue;
    rebuilt.push(done);
    onDay?.(done);
  }
  return rebuilt;
}

/** Null when the day has no traces and no cells. */
async function rebuildDay(database: Database, scope: TenantScope, day: string): Promise<RebuiltDay | null> {
  for (;;) {
    const done = await database.withWorkspace(scope, (transaction) => rebuildHeld(transaction, day));
    if (done !== 'busy') return done;
    await delay(patienceMs);
  }
}

async function rebuildHeld(transaction: WorkspaceTransaction, day: string): Promise<RebuiltDay | null | 'busy'> {
  const keptFrom = await transaction.queryOne(holdRetention());
  await transaction.query(beginRollup());
  if ((await transaction.queryOne(holdRollup())) === null) return 'busy';
  const before = await transaction.queryOne(lockDay(day));
  const counted = before?.traces ?? 0;
  if (keptFrom !== null && day < keptFrom) return before && { day, counted, traces: counted, isGone: true };
  const begins = new Date(`${day}T00:00:00.000Z`);
  await transaction.query(deleteDayCells([day]));
  await transaction.query(deleteHourCells(day));
  const traces = await transaction.queryOne(
    recountDay(day, firstIdAt(begins), firstIdAt(new Date(begins.getTime() + 86_400_000))),
  );
  if (traces === null) {
    await transaction.query(forgetDay(day));
    return before && { day, counted, traces: 0, isGone: false };
  }
  const grain = before?.grain ?? 'RAW';
  await cellsOfDay(transaction, day, grain);
  if (before?.isSealed) await sealOpenDay(transaction, day, { grain, traces, dropped: [] }, new Date());
  return { day, counted, traces, isGone: false };
}
