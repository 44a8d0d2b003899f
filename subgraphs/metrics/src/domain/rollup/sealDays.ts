import { dayOf, daysAfter } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { hoursKeptFrom } from '../../storage/retentionStatements.js';
import { finerGrain, wholeGrains } from '../../storage/rollup/grain.js';
import { deleteHourCells } from '../../storage/rollup/rebuildStatements.js';
import { beginRollup, holdRollup } from '../../storage/rollup/position.js';
import { groupings } from '../../storage/rollup/groupings.js';
import type { Grouping } from '../../storage/rollup/groupings.js';
import {
  dropGroupings,
  largeGroupings,
  lockOpenDay,
  sealDay,
  sealFromHours,
  sealFromTraces,
} from '../../storage/rollup/sealStatements.js';
import type { DayToSeal } from '../../storage/rollup/sealStatements.js';
import { cellsOfDay, inSteps } from './cellsOfDay.js';
import { coarsenDays } from '../../storage/rollup/coarsenDays.js';

/** How long after its end a day is sealed: most of what is late has come by then. */
const restMs = 2 * 3_600_000;
const daysOfRound = 100;
/** How long cells of five minutes are kept: figures of 30 days, and of the 30 days before, begin in the midst of an hour. */
const fineDays = 65;
/** Days that lose them at once. */
const coarsenedAtOnce = 5;
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
      if (await database.withWorkspace({ workspaceId }, (transaction) => seal(transaction, day, now))) sealed += 1;
    } catch (err) {
      logger.warn({ err, workspaceId, day }, 'a day of traces was not sealed; its traces are read until it is');
    }
  }
  return sealed;
}

/** Seals one day; false when it is sealed, or the roll-up is at work. */
async function seal(transaction: WorkspaceTransaction, day: string, now: Date): Promise<boolean> {
  await transaction.query(beginRollup());
  if ((await transaction.queryOne(holdRollup())) === null) return false;
  const open = await transaction.queryOne(lockOpenDay(day));
  if (!open) return false;
  await sealOpenDay(transaction, day, open, now);
  await transaction.query(coarsenDays(fineFrom(now), coarsenedAtOnce));
  return true;
}

/** Seals a day that is locked, in a transaction that holds the roll-up. */
export async function sealOpenDay(
  transaction: WorkspaceTransaction,
  day: string,
  stored: DayToSeal,
  now: Date,
): Promise<void> {
  const open = await refine(transaction, day, stored, now);
  const ofHours = groupingsOfHours(open);
  for (const grouping of ofHours) await transaction.query(sealFromHours(day, grouping));
  // What hour cells lack since the day has never had them, traces tell.
  if (!wholeGrains.includes(open.grain))
    await fromTraces(
      transaction,
      day,
      Object.values(groupings).filter((each) => !ofHours.includes(each) && !lacks(open, each)),
    );
  const large = await transaction.query(largeGroupings(day, Math.max(fewCells, Math.floor(open.traces / 4))));
  if (large.length > 0) await transaction.query(dropGroupings(day, large));
  // What hour cells lack stays lacking; traces tell anew.
  const lacking = Object.values(groupings).filter((each) => lacks(open, each));
  await transaction.query(sealDay(day, open.grain, [...lacking, ...large]));
}

/** The first day whose five minutes have cells. */
const fineFrom = (now: Date) => daysAfter(dayOf(now.getTime()), -fineDays);

/** A day that came to more traces than it was begun for gets its cells after all: else whoever asks for a part of it would read them all. */
async function refine(transaction: WorkspaceTransaction, day: string, open: DayToSeal, now: Date): Promise<DayToSeal> {
  const grain = finerGrain(open.grain, open.traces, day < fineFrom(now) ? 'HOUR' : 'FIVE_MINUTES');
  const keptFrom = await transaction.queryOne(hoursKeptFrom());
  if (grain === open.grain || (keptFrom !== null && day < keptFrom)) return open;
  if (open.grain === 'HOUR') {
    // Its hours are as they should be, and what they lack stays lacking.
    await cellsOfDay(transaction, day, grain, 'HOUR');
    if (open.dropped.length > 0) await transaction.query(dropGroupings(day, open.dropped));
    return { ...open, grain };
  }
  await transaction.query(deleteHourCells(day));
  await cellsOfDay(transaction, day, grain);
  return { ...open, grain, dropped: [] };
}

function groupingsOfHours(day: DayToSeal): Grouping[] {
  if (day.grain === 'RAW') return [];
  return Object.values(groupings).filter(
    (each) => !lacks(day, each) && (wholeGrains.includes(day.grain) || each !== groupings.SERIES),
  );
}

/** Whether a day that was rolled up by the hour has lost what was of a grouping. */
function lacks({ grain, dropped }: DayToSeal, grouping: Grouping): boolean {
  return grain !== 'RAW' && dropped.includes(grouping) && !(grain === 'NARROW' && grouping === groupings.SERIES);
}

async function fromTraces(transaction: WorkspaceTransaction, day: string, wanted: readonly Grouping[]): Promise<void> {
  await inSteps(transaction, day, (after, last) => sealFromTraces(day, after, last, wanted));
}
