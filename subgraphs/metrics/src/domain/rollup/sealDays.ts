import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { beginRollup, holdRollup } from '../../storage/rollup/position.js';
import { groupings } from '../../storage/rollup/groupings.js';
import {
  dropGroupings,
  largeGroupings,
  lockOpenDay,
  nextTraces,
  sealDay,
  sealFromHours,
  sealFromTraces,
} from '../../storage/rollup/sealStatements.js';
import { firstIdAt } from '../../storage/traceId.js';

/** How long after its end a day is sealed: most of what is late has come by then. */
const restMs = 2 * 3_600_000;
const daysOfRound = 100;
const tracesOfStep = 50_000;
/** A grouping with more cells than this, and than a quarter of the traces, is no shorter to read than they are. */
const fewCells = 5_000;

/** Seals the days of all workspaces that are over: from then on a whole day is read in one piece. Answers how many it sealed. */
export async function sealDays(database: Database, logger: Logger, now = new Date()): Promise<number> {
  const before = new Date(now.getTime() - restMs).toISOString().slice(0, 10);
  const due = await database.lookup('due_trace_days', [before, daysOfRound]);
  let sealed = 0;
  for (const row of due) {
    const workspaceId = row['workspace_id'] as string;
    const day = row['day'] as string;
    try {
      if (await database.withWorkspace({ workspaceId }, (transaction) => seal(transaction, day))) sealed += 1;
    } catch (err) {
      logger.warn({ err, workspaceId, day }, 'a day of traces was not sealed; its traces are read until it is');
    }
  }
  return sealed;
}

/** Seals one day; false when it is sealed, or the roll-up is at work. */
async function seal(transaction: WorkspaceTransaction, day: string): Promise<boolean> {
  await transaction.query(beginRollup());
  if ((await transaction.queryOne(holdRollup())) === null) return false;
  const open = await transaction.queryOne(lockOpenDay(day));
  if (!open) return false;
  if (open.isHourly) await fromHours(transaction, day, open.dropped);
  else await fromTraces(transaction, day);
  const large = await transaction.query(largeGroupings(day, Math.max(fewCells, Math.floor(open.traces / 4))));
  if (large.length > 0) await transaction.query(dropGroupings(day, large));
  // What hour cells lack stays lacking; traces tell anew.
  await transaction.query(sealDay(day, open.isHourly ? [...open.dropped, ...large] : large));
  return true;
}

async function fromHours(transaction: WorkspaceTransaction, day: string, dropped: readonly number[]): Promise<void> {
  for (const grouping of Object.values(groupings))
    if (!dropped.includes(grouping)) await transaction.query(sealFromHours(day, grouping));
}

async function fromTraces(transaction: WorkspaceTransaction, day: string): Promise<void> {
  const begin = new Date(`${day}T00:00:00.000Z`);
  const end = firstIdAt(new Date(begin.getTime() + 86_400_000));
  let after = firstIdAt(begin);
  for (;;) {
    const next = await transaction.queryOne(nextTraces(after, end, tracesOfStep));
    if (!next) return;
    await transaction.query(sealFromTraces(day, after, next.last));
    after = next.last;
  }
}
