import type { Database, Statement, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { hoursKeptFrom } from '../../storage/retentionStatements.js';
import { finerGrain } from '../../storage/rollup/grain.js';
import { deleteHourCells, hoursFromTraces } from '../../storage/rollup/rebuildStatements.js';
import { beginRollup, holdRollup } from '../../storage/rollup/position.js';
import { groupings } from '../../storage/rollup/groupings.js';
import type { Grouping } from '../../storage/rollup/groupings.js';
import {
  dropGroupings,
  largeGroupings,
  lockOpenDay,
  nextTraces,
  sealDay,
  sealFromHours,
  sealFromTraces,
} from '../../storage/rollup/sealStatements.js';
import type { DayToSeal } from '../../storage/rollup/sealStatements.js';
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
  await sealOpenDay(transaction, day, open);
  return true;
}

/** Seals a day that is locked, in a transaction that holds the roll-up. */
export async function sealOpenDay(transaction: WorkspaceTransaction, day: string, stored: DayToSeal): Promise<void> {
  const open = await refine(transaction, day, stored);
  const ofHours = groupingsOfHours(open);
  for (const grouping of ofHours) await transaction.query(sealFromHours(day, grouping));
  // What hour cells lack since the day has never had them, traces tell.
  if (open.grain !== 'HOUR')
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

/** A day that came to more traces than it was begun for gets hour cells after all: else whoever asks for a part of it would read them all. */
async function refine(transaction: WorkspaceTransaction, day: string, open: DayToSeal): Promise<DayToSeal> {
  const grain = finerGrain(open.grain, open.traces);
  const keptFrom = await transaction.queryOne(hoursKeptFrom());
  if (grain === open.grain || (keptFrom !== null && day < keptFrom)) return open;
  await transaction.query(deleteHourCells(day));
  await inSteps(transaction, day, (after, last) => hoursFromTraces(after, last, grain));
  return { ...open, grain, dropped: [] };
}

function groupingsOfHours(day: DayToSeal): Grouping[] {
  if (day.grain === 'RAW') return [];
  return Object.values(groupings).filter(
    (each) => !lacks(day, each) && (day.grain === 'HOUR' || each !== groupings.SERIES),
  );
}

/** Whether a day that was rolled up by the hour has lost what was of a grouping. */
function lacks({ grain, dropped }: DayToSeal, grouping: Grouping): boolean {
  return grain !== 'RAW' && dropped.includes(grouping) && !(grain === 'NARROW' && grouping === groupings.SERIES);
}

async function fromTraces(transaction: WorkspaceTransaction, day: string, wanted: readonly Grouping[]): Promise<void> {
  await inSteps(transaction, day, (after, last) => sealFromTraces(day, after, last, wanted));
}

/** Runs a statement over a day's traces, behind one id up to another, so many at once that none takes too long. */
export async function inSteps(
  transaction: WorkspaceTransaction,
  day: string,
  step: (after: string, last: string) => Statement,
): Promise<void> {
  const begin = new Date(`${day}T00:00:00.000Z`);
  const end = firstIdAt(new Date(begin.getTime() + 86_400_000));
  let after = firstIdAt(begin);
  for (;;) {
    const next = await transaction.queryOne(nextTraces(after, end, tracesOfStep));
    if (!next) return;
    await transaction.query(step(after, next.last));
    after = next.last;
  }
}
